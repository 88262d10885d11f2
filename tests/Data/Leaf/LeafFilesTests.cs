using System.Text;
using FedPure.Data.Readers.Leaf;

namespace FedPure.Data.Leaf;

public sealed class LeafFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-leaf").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ListsInListsHaveTheirShape()
    {
        var data = LeafFiles.Open(
            Write(
                """{"user_data":{"b":{"y":[1],"x":[[[1,2,3],[4,5,6]]]},"a":{"x":[[[7,8,9],[1e1,-0.5,0]]],"y":[2.0],"z":{"more":[1]}}},"num_samples":[1,1],"users":["b","a"],"hierarchies":[]}""")).Train;
        Assert.Equal("<label=int32,x=float32[2,3]>", data.Element.ToString());
        Assert.Equal(["a", "b"], data.ClientIds.ToArray());
        Assert.Equal([7, 8, 9, 10, -0.5f, 0], data.GetClient("a").Features(0).ToArray());
        Assert.Equal(2, data.GetClient("a").Label(0));
        Assert.Equal([0, 1, 1], data.CountLabels().ToArray());
    }

    [Fact]
    public void BareNumbersAreFeaturesOfLengthOneAndClientsMayBeEmpty()
    {
        var data = LeafFiles.Open(Write("""{"users":["a","b"],"num_samples":[2,0],"user_data":{"a":{"x":[3,4],"y":[0,1]},"b":{"x":[],"y":[]}}}""")).Train;
        Assert.Equal([1], data.Element.Shape.ToArray());
        Assert.Equal([4f], data.GetClient("a").Features(1).ToArray());
        Assert.Equal(0, data.GetClient("b").InMemory().Examples.Count);
    }

    [Fact]
    public void AFolderJoinsItsFiles()
    {
        Write("""{"users":["b"],"num_samples":[1],"user_data":{"b":{"x":[[1]],"y":[1]}}}""", "1.json");
        Write("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[2]],"y":[0]}}}""", "0.json");
        Assert.Equal(["a", "b"], LeafFiles.Open(_folder).Train.ClientIds.ToArray());
        string second = Write("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[2]],"y":[0]}}}""", "2.json");
        var error = Assert.Throws<DataFormatException>(() => LeafFiles.Open(_folder));
        Assert.StartsWith(second, error.Message, StringComparison.Ordinal);
        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SplitsOfDifferentSizesAreRefused()
    {
        foreach (var (split, features) in new[] { ("train", "1"), ("test", "1,2") })
        {
            Directory.CreateDirectory(Path.Combine(_folder, split));
            Write($$$$"""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[{{{{features}}}}]],"y":[1]}}}""", $"{split}/0.json");
        }

        var error = Assert.Throws<DataFormatException>(() => LeafFiles.Open(_folder));
        Assert.Equal($"{Path.Combine(_folder, "test")}: its examples have 2 numbers, but those of 'train' 1; a model takes one size.", error.Message);
    }

    [Fact]
    public void TextIsReadAsItStands()
    {
        string path = Write(
            """{"users":["a","ü"],"num_samples":[2,1],"user_data":{"a":{"x":[["12",1.50,"x"],["13","Tue","y \"z\""]],"y":[0,4]},"ü":{"x":[["t"]],"y":["1"]}}}""");
        var (split, data) = Assert.Single(LeafFiles.OpenText(path));
        Assert.Equal("train", split);
        Assert.Equal(["a", "ü"], data.ClientIds.ToArray());
        Assert.Equal(2, data.CountOf("a"));
        var examples = data.GetClient("a");
        Assert.Equal(["12", "1.50", "x"], examples[0].Fields.ToArray());
        Assert.Equal(["13", "Tue", "y \"z\""], examples[1].Fields.ToArray());
        Assert.Equal(["0", "4"], examples.Select(example => example.Label));
        Assert.Contains("are text", Assert.Throws<DataFormatException>(() => LeafFiles.Open(path)).Message, StringComparison.Ordinal);
        Assert.Throws<UnknownClientException>(() => data.GetClient("b"));
    }

    [Fact]
    public void TextsWithoutListsAreOneField()
    {
        var data = Assert.Single(
            LeafFiles.OpenText(Write("""{"users":["a"],"num_samples":[2],"user_data":{"a":{"y":["e","f"],"x":["to be","or not"]}}}"""))).Value;
        Assert.Equal(["to be"], data.GetClient("a")[0].Fields.ToArray());
        Assert.Equal("f", data.GetClient("a")[1].Label);
    }

    [Theory]
    [InlineData("", "not JSON after byte 0")]
    [InlineData("[]", "an object with users")]
    [InlineData("""{"users":["a"],"num_samples":[1]}""", "no user_data")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1]],"y":[0]}}} x""", "not JSON after byte")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[NaN]],"y":[0]}}}""", "not JSON after byte 57")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1],[2,3]],"y":[0,0]}}}""", "example 1 of the user 'a' has another shape than 1")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1,[2]]],"y":[0]}}}""", "no array of numbers")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[[2],1]],"y":[0]}}}""", "no array of numbers")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[]],"y":[0]}}}""", "no array of numbers")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[true]],"y":[0]}}}""", "should be numbers, but has True")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1]],"y":[-1]}}}""", "byte 66, a label should stand, a whole number from 0 to 1048575, not -1")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1]],"y":[1.5]}}}""", "not 1.5")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1]],"y":[99999999]}}}""", "not 99999999")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1]],"y":["one"]}}}""", "not String")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"y":["one"],"x":[[1]]}}}""", "text in y")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1]],"y":[0,1]}}}""", "1 examples in x, but 2 labels in y")]
    [InlineData("""{"users":["a"],"num_samples":[2],"user_data":{"a":{"x":[[1]],"y":[0]}}}""", "gives the user 'a' 2 examples, but user_data 1")]
    [InlineData("""{"users":["a"],"num_samples":[-2],"user_data":{"a":{"x":[[1]],"y":[0]}}}""", "whole number from 0")]
    [InlineData("""{"users":["a","a"],"num_samples":[1,1],"user_data":{"a":{"x":[[1]],"y":[0]}}}""", "'a' twice")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1]],"y":[0]},"a":{"x":[[1]],"y":[0]}}}""", "'a' at byte 74 occurs twice")]
    [InlineData("""{"users":["a","b"],"num_samples":[1,1],"user_data":{"a":{"x":[[1]],"y":[0]}}}""", "'b', entry 1 of users, has no user_data")]
    [InlineData("""{"users":[],"num_samples":[],"user_data":{"a":{"x":[[1]],"y":[0]}}}""", "'a', which users does not list")]
    [InlineData("""{"users":["a"],"num_samples":[1,2],"user_data":{"a":{"x":[[1]],"y":[0]}}}""", "1 users, but 2 num_samples")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"y":[0]}}}""", "has no x")]
    [InlineData("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1]],"x":[[1]],"y":[0]}}}""", "x a second time")]
    [InlineData("""{"users":["\uD800"],"num_samples":[1],"user_data":{}}""", "the text at byte 10 is not valid UTF-8")]
    [InlineData("""{"users":[],"num_samples":[],"user_data":{}}""", "no examples")]
    public void DamageIsNamedWithItsPlace(string json, string reason)
    {
        string path = Write(json);
        var error = Assert.Throws<DataFormatException>(() => LeafFiles.Open(path));
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IdsThatAreNotUtf8AreRefused()
    {
        string path = Path.Combine(_folder, "data.json");
        File.WriteAllBytes(path, [.. "{\"users\":[\""u8, 0xC3, 0x28, .. "\"]"u8]);
        Assert.Contains(
            "the text at byte 10 is not valid UTF-8", Assert.Throws<DataFormatException>(() => LeafFiles.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NumbersBeyondFloat32AreFoundWhenTheClientIsRead()
    {
        var data = LeafFiles.Open(Write("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1e39]],"y":[0]}}}""")).Train;
        Assert.Contains(
            "byte 57, of the user 'a', is too large", Assert.Throws<DataFormatException>(() => data.GetClient("a").Features(0).Length).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        const string Whole = """{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[0.25,1]],"y":[0]}}}""";
        for (int length = 0; length < Whole.Length; length++)
        {
            string path = Write(Whole[..length]);
            Assert.Throws<DataFormatException>(() => LeafFiles.Open(path));
        }
    }

    [Fact]
    public void AFileThatChangesAfterItWasOpenedIsNoticed()
    {
        var data = LeafFiles.Open(Write("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1,2]],"y":[0]}}}""")).Train;
        Write("""{"users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[1]],"y":[0]}} }""");
        Assert.Contains("open it again", Assert.Throws<DataFormatException>(() => data.GetClient("a").Examples).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TokensAndValuesMayCrossTheBuffersOfTheStream()
    {
        // Three times the buffer of 64 KiB, with one text that is longer than the buffer.
        string numbers = string.Join(", ", Enumerable.Range(0, 30_000).Select(i => i * 0.25)), longText = new('x', 100_000);
        var data = LeafFiles.Open(
            Write($$$$"""{"note":"{{{{longText}}}}","users":["a"],"num_samples":[1],"user_data":{"a":{"x":[[{{{{numbers}}}}]],"y":[3]}}}""")).Train;
        Assert.Equal(Enumerable.Range(0, 30_000).Select(i => i * 0.25f), data.GetClient("a").Features(0).ToArray());
    }

    private string Write(string json, string name = "data.json")
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, json, new UTF8Encoding(false));
        return path;
    }
}
