using System.Collections.Immutable;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>The hyper-parameters that a server state holds, by part.</summary>
/// <param name="ClientWork">Of the clients' rule; empty where the process keeps none.</param>
/// <param name="Finalizer">Of the server's rule.</param>
public sealed record ProcessHyperparameters(ImmutableArray<Hyperparameter> ClientWork, ImmutableArray<Hyperparameter> Finalizer);
