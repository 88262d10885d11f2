using System.Text.Json.Nodes;
using FedPure.TestData;

namespace FedPure.Data;

/// <summary>Element orders equal tf.data's, recorded from TensorFlow 2.14.1.</summary>
public class ShuffleGoldenTests
{
    private static readonly JsonNode Golden = Repository.GoldenJson("shuffle/shuffle_orders.json");

    // Left out: one entry with a global seed and no seed, whose order comes from Python's own generator.
    public static TheoryData<string, int> Combos
    {
        get
        {
            var combos = new TheoryData<string, int>();
            foreach (string list in (string[])["combos", "with_global_seed"])
            {
                for (int i = 0; i < Count(list); i++)
                {
                    if (Golden[list]![i]!["seed"] is not null) combos.Add(list, i);
                }
            }

            return combos;
        }
    }

    public static TheoryData<int> Batches => [.. Enumerable.Range(0, Count("batches"))];

    public static TheoryData<int> Pipelines => [.. Enumerable.Range(0, Count("pipelines"))];

    [Fact]
    public void TheGoldenFileHasTheCasesThatItIsSaidToHave()
    {
        Assert.Equal((58 + 4, 16, 2, 2), (Combos.Count, Batches.Count, Pipelines.Count, Count("inside_tff")));
        Assert.Contains(Golden["combos"]!.AsArray(), entry => entry!["reshuffle_each_iteration"] is not null);
    }

    [Theory, MemberData(nameof(Combos))]
    public void OrdersOfTwoPassesAreThoseOfTfData(string list, int index)
    {
        var entry = Golden[list]![index]!;
        int count = (int)entry["n"]!, repeat = (int)entry["repeat"]!, buffer = (int)entry["buffer"]!;
        bool reshuffle = (bool?)entry["reshuffle_each_iteration"] ?? true;
        var pipeline = (string)entry["order"]! == "repeat_shuffle"
            ? Shuffle(InputPipeline.Examples.Repeat(repeat)) : Shuffle(InputPipeline.Examples).Repeat(repeat);
        Assert.Equal(Ints(entry["first_iteration"]!), pipeline.Order(count));
        Assert.Equal(Ints(entry["second_iteration"]!), pipeline.Order(count, pass: 1));

        InputPipeline Shuffle(InputPipeline source) => source.Shuffle(buffer, (long)entry["seed"]!, reshuffle, (long?)entry["global_seed"]);
    }

    [Theory, MemberData(nameof(Pipelines))]
    public void PipelinesOfTheBaselinesAreThoseOfTfData(int index)
    {
        var entry = Golden["pipelines"]![index]!;
        Assert.Equal("range(n).shuffle(100,seed).repeat(2).take(60).batch(16)", (string)entry["pipeline"]!);
        var batches = Labels(InputPipeline.Examples.Shuffle(100, (long)entry["seed"]!).Repeat(2).Take(60).Batch(16), (int)entry["n"]!);
        Assert.Equal(entry["batches"]!.AsArray().Select(batch => Ints(batch!)), batches);
    }

    [Fact]
    public void EveryCallInsideAComputationSeesTheFirstPass()
    {
        foreach (var entry in Golden["inside_tff"]!.AsArray())
        {
            int count = (int)entry!["n"]!;
            var pipeline = InputPipeline.Examples.Repeat((int)entry["repeat"]!).Shuffle((int)entry["buffer"]!, (long)entry["seed"]!);
            foreach (var call in entry["calls_inside_tff_computation"]!.AsArray()) Assert.Equal(Ints(call!), pipeline.Order(count));
            Assert.Equal(Ints(entry["eager_second"]!), pipeline.Order(count, pass: 1));
        }
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

    private static int Count(string list) => Golden[list]!.AsArray().Count;

    private static int[] Ints(JsonNode node) => [.. node.AsArray().Select(item => (int)item!)];
}
