using FedPure.Data.Readers;
using FedPure.Data.Readers.Leaf;
using FedPure.Data.Readers.Numpy;
using FedPure.Data.Writers;

namespace FedPure.Data;

/// <summary>What all writers do alike, and what none of them takes.</summary>
public sealed class WriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-writers").FullName;

    public static TheoryData<string> Forms => ["idx", "leaf", "npz"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Forms))]
    public void ClientsInAnotherOrderThanThatOfTheirIdsKeepTheirExamples(string form)
    {
        // Pixels 1, 0.8 and 0, each with its own label; c has the first, a the second, b the third.
        float[] pixels = [1f, 1f - 51 / 255f, 0f];
        var table = new ExampleTable(pixels, new[] { 0, 1, 2 }, [1]);
        var data = new FederatedDataset(table, [new("c", new(0, 1)), new("a", new(1, 1)), new("b", new(2, 1))]).Subset(["c", "a", "b"]);
        Write(form, data);
        var read = Read(form);
        Assert.Equal(["a", "b", "c"], read.ClientIds.ToArray());
        foreach (string id in read.ClientIds)
            Assert.Equal((data.GetClient(id).Features(0)[0], data.GetClient(id).Label(0)), (read.GetClient(id).Features(0)[0], read.GetClient(id).Label(0)));
    }

    [Theory, MemberData(nameof(Forms))]
    public void FloatTargetsAreRefusedAndNothingIsLeftBehind(string form) => AssertRefused(
        form, new ExampleTable(new float[2], new[] { 0.5f, 2f }, 1, [1]), "the examples of client 'client_0' have float targets, but files hold class labels");

    [Theory, MemberData(nameof(Forms))]
    public void FeaturesThatAreNotFiniteAreRefusedWithTheirPlace(string form) => AssertRefused(
        form, new ExampleTable(new[] { 0f, float.NaN }, new int[2], [1]), "example 1 of client 'client_0' has a feature that is not finite");

    [Theory]
    [InlineData("\uD800x")]
    [InlineData("x\uFFFD")]
    public void IdsThatAreNoTextAreRefused(string id)
    {
        var data = new FederatedDataset(new ExampleTable(new float[1], new int[1], [1]), [new(id, new(0, 1))]);
        foreach (string form in (string[])["idx", "leaf", "npz"])
            Assert.Contains(
                "not valid Unicode; rename the client", Assert.Throws<DataFormatException>(() => Write(form, data)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Theory, MemberData(nameof(Forms))]
    public void WhatIsCancelledHalfWayLeavesNothingBehind(string form)
    {
        using var cancel = new CancellationTokenSource();
        var data = CancellingClients.Of(cancel);
        Assert.Throws<OperationCanceledException>(() => Write(form, data, cancel.Token));
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    private void AssertRefused(string form, ExampleTable table, string reason)
    {
        var data = new FederatedDataset(table, [new("client_0", new(0, 2))]);
        var error = Assert.Throws<DataFormatException>(() => Write(form, data));
        Assert.StartsWith(_folder, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    private void Write(string form, IFederatedDataset data, CancellationToken cancellationToken = default)
    {
        var splits = new FederatedSplits([new(FederatedSplits.TrainName, data)]);
        if (form == "idx") IdxWriter.Write(_folder, splits, cancellationToken);
        else if (form == "leaf") LeafWriter.Write(_folder, splits, cancellationToken);
        else NpzWriter.Write(Path.Combine(_folder, "x.npz"), splits, cancellationToken);
    }

    private IFederatedDataset Read(string form) => form switch
    {
        "idx" => IdxImages.ReadClients(_folder, IdxImages.ReadDirectory(_folder))!.Train,
        "leaf" => LeafFiles.Open(_folder).Train,
        _ => NumpyFiles.Read(Path.Combine(_folder, "x.npz"))[0].Clients!,
    };
}
