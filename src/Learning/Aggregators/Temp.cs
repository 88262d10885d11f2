#pragma warning disable
using FedPure.Learning.Models;
namespace FedPure.Learning.Aggregators;
public sealed class UnweightedMean : IAggregator { public AggregatorState Initialize(ParameterLayout l) => new WeightedMean().Initialize(l); public IAggregation CreateAggregation(ParameterLayout l) => new WeightedMean().CreateAggregation(l); }
public sealed class Sum : IAggregator { public AggregatorState Initialize(ParameterLayout l) => new WeightedMean().Initialize(l); public IAggregation CreateAggregation(ParameterLayout l) => new WeightedMean().CreateAggregation(l); }
