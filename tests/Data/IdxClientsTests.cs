using System.Text;
using FedPure.Data.Readers;

namespace FedPure.Data;

/// <summary>The file beside IDX images that says whose they are.</summary>
public sealed class IdxClientsTests : IDisposable
{
    private const string Whole = """{"clients":[{"id":"a","train":[0,2]},{"id":"é","train":[2,1],"test":[0,0]}]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-clients").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void RangesAreReadBySplitAndClient()
    {
        var read = Read(Whole);
        Assert.Equal(["test", "train"], read.Keys.Order());
        Assert.Equal(["a", "é"], read["train"].Keys.Order(StringComparer.Ordinal));
        Assert.Equal((2, 1), (read["train"]["é"][0], read["train"]["é"].Count));
        Assert.Equal(0, read["test"]["é"].Count);
    }

    [Theory]
    [InlineData("", "it is not JSON after byte 0")]
    [InlineData("[]", "StartObject should stand")]
    [InlineData("""{"users":[]}""", "the property clients should stand")]
    [InlineData("""{"clients":{}}""", "StartArray should stand")]
    [InlineData("""{"clients":[3]}""", "a client should stand")]
    [InlineData("""{"clients":[{"train":[0,1],"id":"a"}]}""", "id should stand before its ranges")]
    [InlineData("""{"clients":[{}]}""", "a client has no id")]
    [InlineData("""{"clients":[{"id":3}]}""", "at byte 18, a text should stand, not Number")]
    [InlineData("""{"clients":[{"id":"a"},{"id":"a"}]}""", "the client 'a' stands a second time")]
    [InlineData("""{"clients":[{"id":"a","train":[0,1],"train":[1,1]}]}""", "the client 'a' has train a second time")]
    [InlineData("""{"clients":[{"id":"a","train":[-1,1]}]}""", "whole numbers from 0")]
    [InlineData("""{"clients":[{"id":"a","train":[0,-1]}]}""", "whole numbers from 0")]
    [InlineData("""{"clients":[{"id":"a","train":[0,2147483648]}]}""", "whole numbers from 0")]
    [InlineData("""{"clients":[{"id":"a","train":[0,1e9]}]}""", "whole numbers from 0")]
    [InlineData("""{"clients":[{"id":"a","train":[0]}]}""", "Number should stand")]
    [InlineData("""{"clients":[{"id":"a","train":[0,1,2]}]}""", "EndArray should stand")]
    [InlineData("""{"clients":[{"id":"\uD800"}]}""", "the text at byte 18 is not valid UTF-8")]
    public void DamageIsNamedWithItsPlace(string json, string reason)
    {
        var error = Assert.Throws<DataFormatException>(() => Read(json));
        Assert.StartsWith("clients.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Whole);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<DataFormatException>(() => IdxClients.Read(new MemoryStream(bytes[..length]), "clients.json"));
    }

    [Fact]
    public void IdsThatAreNotUtf8AreRefused()
    {
        byte[] bytes = [.. "{\"clients\":[{\"id\":\""u8, 0xC3, 0x28, .. "\"}]}"u8];
        Assert.Contains(
            "the text at byte 18 is not valid UTF-8",
            Assert.Throws<DataFormatException>(() => IdxClients.Read(new MemoryStream(bytes), "clients.json")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[0,4]", "Client 'a' has row 3, but the table has 3 rows")]
    [InlineData("[2147483647,2147483647]", "Client 'a' has row 2147483647")]
    public void RangesBeyondTheImagesAreRefused(string range, string reason)
    {
        File.WriteAllBytes(Path.Combine(_folder, "train-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3]);
        File.WriteAllBytes(Path.Combine(_folder, "train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]);
        string path = Path.Combine(_folder, IdxClients.FileName);
        File.WriteAllText(path, $$"""{"clients":[{"id":"a","train":{{range}}}]}""");
        var error = Assert.Throws<DataFormatException>(() => IdxImages.ReadClients(_folder, IdxImages.ReadDirectory(_folder)));
        Assert.StartsWith(path + ": it does not go with the images beside it: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static System.Collections.Immutable.ImmutableDictionary<string, System.Collections.Immutable.ImmutableDictionary<string,
    RowSet>> Read(string json) =>
        IdxClients.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)), "clients.json");
}
