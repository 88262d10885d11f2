using FedPure.Data;
using FedPure.Learning.Algorithms;
using FedPure.Learning.Evaluation;
using FedPure.Learning.Models;
using FedPure.Learning.Optimizers;

namespace FedPure.Learning.Processes;

/// <summary>Clients that are read on demand are read by those who work on them, once each, and not before.</summary>
public class LazyClientsTests
{
    private static readonly string[] Ids = ["a", "b", "c", "d"];

    private readonly List<string> _reads = [];

    [Fact]
    public void ARoundReadsEachClientOnceThoughNothingIsKept()
    {
        var process = FederatedAveraging.BuildWeighted(new Sequential(2).Dense(2).SoftmaxCrossEntropy(), new Sgd(0.1f), threads: 1);
        process.Next(process.Initialize(), Clients(ElementSpec.ForExamples([2]), new ExampleTable(new float[4], new int[2], [2])));
        Assert.Equal(Ids, _reads);
    }

    [Fact]
    public void SoDoesAnEvaluation()
    {
        var evaluation = FederatedEvaluation.Build(new Sequential(2).Dense(1).MeanSquaredError(), threads: 1);
        var table = new ExampleTable(new float[4], new float[2], 1, [2]);
        evaluation.Next(evaluation.Initialize(), Clients(ElementSpec.ForTable(table), table));
        Assert.Equal(Ids, _reads);
    }

    [Fact]
    public void WhatAModelCannotTakeIsFoundWithoutReading()
    {
        var evaluation = FederatedEvaluation.Build(new Sequential(2).Dense(1).MeanSquaredError(), threads: 1);
        var clients = Clients(ElementSpec.ForExamples([2]), new ExampleTable(new float[4], new int[2], [2]));
        Assert.Contains(
            "Client 'a' has ", Assert.Throws<ArgumentException>(() => evaluation.Next(evaluation.Initialize(), clients)).Message, StringComparison.Ordinal);
        Assert.Empty(_reads);
    }

    private ClientDataset[] Clients(ElementSpec element, ExampleTable table)
    {
        var data = new LazyFederatedDataset(element, Ids.Select(id => KeyValuePair.Create(id, table.Count)), Read, new ClientCache(0));
        return [.. Ids.Select(id => data.GetClient(id).Preprocess(InputPipeline.Examples.Batch(2)))];

        ExampleTable Read(string id)
        {
            _reads.Add(id);
            return table;
        }
    }
}
