using FedPure.Cli.Options;
using FedPure.Cli.Support;
using FedPure.Data;
using FedPure.TestData;

namespace FedPure.Cli;

/// <summary>The same data in every form: converted from one to the next, they stay the same clients and the same bits, and train to the same weights.</summary>
public sealed class DataFormsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public DataFormsTests() => Environment.SetEnvironmentVariable(FedPure.Sqlite.CacheFolder.PathVariable, _folder.File("cache"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(FedPure.Sqlite.CacheFolder.PathVariable, null);
        _folder.Dispose();
    }

    [Fact]
    public void Digits_go_through_all_forms_and_stay_the_same_bits()
    {
        string leaf = $"leaf:{_folder.File("leaf")}", shaped = leaf + ",shape=28x28", npz = $"npz:{_folder.File("digits.npz")}",
            idx = $"idx:{_folder.File("idx")}", tff = $"tff:{_folder.File("digits.sqlite")}";
        var steps = new[] { ("digits", leaf), (shaped, npz), (npz, idx), (idx, tff) };
        foreach (var (from, to) in steps)
        {
            var converted = Assert.Single(App.Succeed("data", "convert", "--json", "--data", from, "--to", to).Events);
            Assert.Equal("""{"train":{"clients":100,"examples":9851},"test":{"clients":100,"examples":1251}}""", converted.GetProperty("splits").GetRawText());
        }

        var digits = DataSource.Parse("--data", "digits").Load(null);
        foreach (string form in (string[])[shaped, npz, idx, tff])
        {
            AssertSame(digits, DataSource.Parse("--data", form).Load(null));
            string info = App.Succeed("data", "info", "--json", "--data", form).Events[0].GetProperty("splits").GetRawText();
            Assert.Equal(App.Succeed("data", "info", "--json").Events[0].GetProperty("splits").GetRawText(), info);
            Assert.Contains(
                "is valid: train 9,851 examples of 100 clients, test 1,251 examples of 100 clients", App.Succeed("data", "check", "--data", form).Output,
                StringComparison.Ordinal);
        }

        string[] training = ["train", "--json", "--rounds", "2", "--epochs", "1", "--clients", "first:20"];
        string hash = App.Succeed(training).Hash;
        foreach (string form in (string[])[leaf, npz, idx, tff]) Assert.Equal(hash, App.Succeed([.. training, "--data", form]).Hash);
    }

    [Theory]
    [InlineData("digits10.sqlite.xz")]
    [InlineData("digits10.sqlite.lzma")]
    public void TensorFlow_Federateds_files_train_to_the_same_weights(string name)
    {
        string[] training = ["train", "--json", "--rounds", "2", "--epochs", "1", "--threads", "2"];
        var embedded = App.Succeed(training);
        var read = App.Succeed([.. training, "--data", $"tff:{Repository.Golden($"digits/{name}")}"]);
        Assert.Equal(embedded.Hash, read.Hash);
        Assert.Equal(embedded.Events[^2].GetProperty("metrics").GetRawText(), read.Events[^2].GetProperty("metrics").GetRawText());
        Assert.Equal(embedded.Hash, App.Succeed([.. training, "--data", $"tff:{Repository.Golden($"digits/{name}")},shape=784", "--classes", "10"]).Hash);
    }

    [Fact]
    public void Labels_beyond_the_classes_given_are_named_wherever_they_are_found()
    {
        string data = $"tff:{Repository.Golden("digits/digits10.sqlite.xz")}";
        App.Fail(1, ["has the label 9; class numbers go from 0 to 8", "row"], "train", "--data", data, "--classes", "9");
        App.Fail(1, ["has the label 9", "f0000_18"], "data", "check", "--data", data, "--classes", "9");

        // Also when the labels were counted before, and the counts are kept.
        App.Succeed("data", "info", "--data", data);
        App.Fail(1, ["has the label 9", "f0000_18"], "data", "info", "--data", data, "--classes", "9");
        App.Succeed("data", "info", "--data", data, "--classes", "12");
    }

    [Theory]
    [InlineData("csv:seeds/tiny.csv,shape=2x2", 2)]
    [InlineData("csv:seeds/tiny.csv,client=client,split=split,label=label", 2)]
    [InlineData("npz:seeds/tiny.npz", 2)]
    [InlineData("leaf:seeds/tiny.json", 2)]
    [InlineData("tff:seeds/tiny.sqlite.xz,x=pixels,label=label", 2)]
    public void Every_form_says_what_it_holds(string spec, int clients)
    {
        string[] parts = spec.Split(':', ',');
        string data = $"{parts[0]}:{Repository.Golden(parts[1])}{string.Concat(parts[2..].Select(part => "," + part))}";
        var split = App.Succeed("data", "info", "--json", "--data", data).Events[0].GetProperty("splits").GetProperty("train");
        Assert.Equal(
            (clients, 3, "[1,1,1]"),
            (split.GetProperty("clients").GetInt32(), split.GetProperty("examples").GetInt32(), split.GetProperty("label_counts").GetRawText()));
        App.Succeed("data", "check", "--data", data);
        App.Succeed("train", "--data", data, "--rounds", "1");
    }

    [Fact]
    public void What_is_there_is_not_written_over()
    {
        string path = _folder.File("there.npz");
        File.WriteAllText(path, "old");
        App.Fail(1, ["--to", path, "is there already"], "data", "convert", "--to", $"npz:{path}");
        App.Fail(1, ["no folder"], "data", "convert", "--to", $"npz:{_folder.File("no-such/x.npz")}");
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void A_split_that_does_not_say_whose_its_examples_are_is_named()
    {
        string path = _folder.File("half.npz");
        App.Succeed("data", "convert", "--data", "blobs:examples=60", "--partition", "iid:3", "--to", $"npz:{path}");
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update)) zip.GetEntry("client_test.npy")!.Delete();
        App.Fail(2, ["--evaluate-on test: this split of npz:", "as 'train' does; choose that split"], "train", "--data", $"npz:{path}", "--rounds", "1");
        App.Succeed("train", "--data", $"npz:{path}", "--rounds", "1", "--evaluate-on", "train");
        App.Fail(2, ["has clients of its own"], "train", "--data", $"npz:{path}", "--partition", "iid:3");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_whole_is_not_there_at_all()
    {
        // IDX takes the train split, and fails at the test split's 0.3; errors name the folder asked for.
        string leaf = _folder.File("leaf"), idx = _folder.File("idx");
        foreach (var (split, value) in new[] { ("train", "1"), ("test", "0.3") })
        {
            Directory.CreateDirectory(Path.Combine(leaf, split));
            File.WriteAllText(
                Path.Combine(leaf, split, "data.json"), $$$$"""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[{{{{value}}}}]],"y":[0]}}}""");
        }

        App.Fail(1, [$"{idx}: ", "0.3"], "data", "convert", "--data", $"leaf:{leaf}", "--to", $"idx:{idx}");
        Assert.Equal([leaf], Directory.GetDirectories(_folder.Path).Where(folder => Path.GetFileName(folder) != "cache"));
        Directory.CreateDirectory(_folder.File("into"));
        App.Succeed("data", "convert", "--data", $"leaf:{leaf}", "--to", $"leaf:{_folder.File("into")}");
        Assert.Equal(["test", "train"], Directory.GetDirectories(_folder.File("into")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_a_form_cannot_hold_is_named()
    {
        Directory.CreateDirectory(_folder.File("leaf"));
        File.WriteAllText(_folder.File("leaf/data.json"), """{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1,0.3]],"y":[0]}}}""");
        App.Fail(
            1, ["feature 1 of example 0 of client 'a' is 0.3", "no pixel"], "data", "convert", "--data", $"leaf:{_folder.File("leaf")}", "--to",
            $"idx:{_folder.File("idx")}");
        App.Fail(2, ["needs --to"], "data", "convert");
        App.Fail(2, ["'hdf5'"], "data", "convert", "--to", "hdf5:x");
    }

    [Fact]
    public void Centralized_data_are_converted_once_they_have_clients()
    {
        _folder.WriteIdx("train", 20);
        string data = $"idx:{_folder.Path}", npz = $"npz:{_folder.File("x.npz")}";
        App.Fail(2, ["--partition iid:100"], "data", "convert", "--data", data, "--to", npz);
        App.Succeed("data", "convert", "--data", data, "--partition", "iid:4", "--to", npz);
        string[] training = ["train", "--json", "--rounds", "1", "--evaluate-on", "none"];
        Assert.Equal(App.Succeed([.. training, "--data", data, "--partition", "iid:4"]).Hash, App.Succeed([.. training, "--data", npz]).Hash);
        Assert.Contains("is valid: train 20 examples of 0 clients", App.Succeed("data", "check", "--data", data).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leaf:no-such.json", 1, "no-such.json")]
    [InlineData("tff:no-such.sqlite", 1, "no-such.sqlite")]
    [InlineData("npz:no-such.npz", 1, "no-such.npz")]
    [InlineData("leaf:x.json,shape=0x3", 2, "shape")]
    [InlineData("leaf:x.json,shape=", 2, "shape has no value")]
    [InlineData("tff:x,label=a,label=b", 2, "label is given twice")]
    [InlineData("idx:x,transposed=yes", 2, "transposed is true or false")]
    public void Data_that_are_not_there_or_particulars_that_make_no_sense(string spec, int exitCode, string word) =>
        App.Fail(exitCode, [word], "data", "info", "--data", spec);

    [Fact]
    public void Transposed_images_are_turned()
    {
        _folder.WriteIdx("train", 3);
        var plain = DataSource.Parse("--data", $"idx:{_folder.Path}").Load(null)[0].Examples!;
        var turned = DataSource.Parse("--data", $"idx:{_folder.Path},transposed=true").Load(null)[0].Examples!;
        Assert.Equal([3, 2], turned.Shape.ToArray());
        for (int image = 0; image < 3; image++)
        {
            for (int i = 0; i < 2; i++)
            {
                for (int j = 0; j < 3; j++) Assert.Equal(plain.Features.Span[6 * image + 3 * i + j], turned.Features.Span[6 * image + 2 * j + i]);
            }
        }
    }

    private static void AssertSame(IReadOnlyList<LoadedSplit> expected, IReadOnlyList<LoadedSplit> actual)
    {
        Assert.Equal(expected.Select(split => split.Name), actual.Select(split => split.Name));
        foreach (var (one, other) in expected.Zip(actual, (one, other) => (one.Clients!, other.Clients!)))
        {
            Assert.Equal(one.ClientIds.ToArray(), other.ClientIds.ToArray());
            Assert.Equal(one.Element.Shape.ToArray(), other.Element.Shape.ToArray());
            foreach (string id in one.ClientIds)
            {
                ClientDataset left = one.GetClient(id), right = other.GetClient(id).InMemory();
                Assert.Equal(left.Count, right.Count);
                for (int i = 0; i < left.Count; i++)
                    Assert.True(left.Features(i).SequenceEqual(right.Features(i)) && left.Label(i) == right.Label(i), $"{id} {i}");
            }
        }
    }
}
