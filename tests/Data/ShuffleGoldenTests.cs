using System.Text.Json.Nodes;
using FedPure.TestData;

namespace FedPure.Data;

/// <summary>Element orders equal tf.data's, recorded from TensorFlow 2.14.1.</summary>
public class ShuffleGoldenTests
{
    private static readonly JsonNode Golden = Repository.GoldenJson("shuffle/shuffle_orders.json");

    // Entries with reshuffle_each_iteration given as false are left out: the pipeline always reshuffles, as TensorFlow does by default.
    public static TheoryData<int> Combos => [.. Enumerable.Range(0, Golden["combos"]!.AsArray().Count).Where(i => Golden["combos"]![i]!["reshuffle_each_iteration"] is null)];

    public static TheoryData<int> Batches => [.. Enumerable.Range(0, Golden["batches"]!.AsArray().Count)];

    [Fact]
    public void TheGoldenFileHasTheCasesThatItIsSaidToHave()
    {
        Assert.True(Combos.Count >= 40, $"{Combos.Count} combos");
        Assert.Equal(16, Batches.Count);
    }

    [Theory, MemberData(nameof(Combos))]
    public void OrdersOfTwoPassesAreThoseOfTfData(int index)
    {
        var entry = Golden["combos"]![index]!;
        int count = (int)entry["n"]!, repeat = (int)entry["repeat"]!, buffer = (int)entry["buffer"]!;
        long seed = (long)entry["seed"]!;
        var pipeline = (string)entry["order"]! == "repeat_shuffle"
            ? InputPipeline.Examples.Repeat(repeat).Shuffle(buffer, seed)
            : InputPipeline.Examples.Shuffle(buffer, seed).Repeat(repeat);
        Assert.Equal(Ints(entry["first_iteration"]!), pipeline.Order(count));
        Assert.Equal(Ints(entry["second_iteration"]!), pipeline.Order(count, pass: 1));
    }

    [Theory, MemberData(nameof(Batches))]
    public void BatchesAreThoseOfTfData(int index)
    {
        var entry = Golden["batches"]![index]!;
        int count = (int)entry["n"]!;
        var pipeline = InputPipeline.Examples.Repeat((int)entry["repeat"]!).Shuffle((int)entry["buffer"]!, (long)entry["seed"]!)
            .Batch((int)entry["batch"]!, (bool)entry["drop_remainder"]!);
        var batches = Labels(pipeline, count);
        Assert.Equal(Ints(entry["sizes"]!), batches.Select(batch => batch.Length));
        Assert.Equal(Ints(entry["first_batch"]!), batches.FirstOrDefault([]));
        Assert.Equal(Ints(entry["last_batch"]!), batches.LastOrDefault([]));
    }

    // Examples labelled with their own position: a batch's labels are then the positions in it.
    private static List<int[]> Labels(InputPipeline pipeline, int count)
    {
        var table = new ExampleTable(new float[count], Enumerable.Range(0, count).ToArray(), [1]);
        var reader = new BatchReader();
        reader.Begin(new ClientDataset("c", table, new RowSet(0, count)) { Pipeline = pipeline });
        var batches = new List<int[]>();
        while (reader.Read(out var batch)) batches.Add(batch.Labels.ToArray());
        return batches;
    }

    private static int[] Ints(JsonNode node) => [.. node.AsArray().Select(item => (int)item!)];
}
