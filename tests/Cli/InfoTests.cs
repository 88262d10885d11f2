using FedPure.Cli.Support;
using FedPure.Tensors;

namespace FedPure.Cli;

public sealed class InfoTests
{
    [Fact]
    public void Info_tells_what_results_depend_on()
    {
        var info = Assert.Single(App.Succeed("info", "--json").Events);
        Assert.Equal(
            ["version", "cpu", "os", "runtime", "accelerated_vector_bits", "vector_bits", "arithmetic", "processors"],
            info.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Arithmetic.VectorBits, info.GetProperty("vector_bits").GetInt32());
        Assert.Equal(Arithmetic.AcceleratedVectorBits.ToArray(), info.GetProperty("accelerated_vector_bits").EnumerateArray().Select(bits => bits.GetInt32()));
        Assert.Equal(Arithmetic.Class == ArithmeticClass.Fused ? "fused" : "unfused", info.GetProperty("arithmetic").GetString());
        string plain = App.Succeed("info").Output;
        foreach (string name in (string[])["version", "cpu", "os"]) Assert.Contains(info.GetProperty(name).GetString()!, plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_info_counts_clients_examples_and_labels()
    {
        var info = Assert.Single(App.Succeed("data", "info", "--json").Events);
        Assert.Equal((784, 10), (info.GetProperty("features").GetInt32(), info.GetProperty("classes").GetInt32()));
        var train = info.GetProperty("splits").GetProperty("train");
        Assert.Equal(
            """{"clients":100,"examples":9851,"shape":[28,28],"examples_per_client":{"min":40,"median":96,"max":200},"label_counts":[1119,1003,977,1020,787,930,967,1007,1073,968]}""",
            train.GetRawText());
        Assert.Equal(1251, info.GetProperty("splits").GetProperty("test").GetProperty("examples").GetInt32());
        string plain = App.Succeed("data", "info").Output;
        foreach (string fact in (string[])["784 features", "100 with 40 to 200 examples each, median 96", "9,851 of shape 28×28", "0: 1119"])
            Assert.Contains(fact, plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_info_reads_centralized_data_as_they_are_or_partitioned()
    {
        using var folder = new TempFolder();
        folder.WriteIdx("train", 11);
        string[] args = ["data", "info", "--data", $"idx:{folder.Path}"];
        Assert.Equal("""{"clients":0,"examples":11,"shape":[2,3],"label_counts":[4,4,3]}""", Train(App.Succeed([.. args, "--json"])));
        Assert.Contains("centralized", App.Succeed(args).Output, StringComparison.Ordinal);
        Assert.Equal(
            """{"clients":4,"examples":11,"shape":[2,3],"examples_per_client":{"min":2,"median":3,"max":3},"label_counts":[4,4,3,0]}""",
            Train(App.Succeed([.. args, "--json", "--partition", "iid:4", "--classes", "4"])));
        Assert.Contains("2 with 5 to 6 examples each, median 5.5", App.Succeed([.. args, "--partition", "iid:2"]).Output, StringComparison.Ordinal);

        static string Train(CliRun run) => run.Events[0].GetProperty("splits").GetProperty("train").GetRawText();
    }
}
