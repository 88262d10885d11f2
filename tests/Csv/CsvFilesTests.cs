using FedPure.Data;
using FedPure.TestData;

namespace FedPure.Csv;

public sealed class CsvFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-csv").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void RowsBelongToTheClientsOfTheirColumn()
    {
        var split = Assert.Single(CsvFiles.Read(Repository.Golden("seeds/tiny.csv")));
        Assert.Equal("train", split.Name);
        Assert.Equal([0f, 0.25f, 0.5f, 1f, 1f, 1f, 0f, 0f, 0.5f, 0.5f, 0.5f, 0.5f], split.Examples.Features.ToArray());
        Assert.Equal([1, 0, 2], split.Examples.Labels.ToArray());
        Assert.Equal(["a", "b"], split.Clients!.ClientIds.ToArray());
        Assert.Equal(2, split.Clients.GetClient("a").Count);
    }

    [Theory]
    [InlineData("x.csv", ',')]
    [InlineData("x.csv", ';')]
    [InlineData("x.tsv", '\t')]
    [InlineData("x.txt", '\t')]
    public void SeparatorsSplitsAndQuotes(string name, char separator)
    {
        string path = Write($"split|f|y|user_id\ntest|1e-3|0|\"a{separator}b\"\ntrain|-2|3|c\ntest|+0.5|1|c\n".Replace('|', separator), name);
        var splits = CsvFiles.Read(path);
        Assert.Equal(["test", "train"], splits.Select(split => split.Name));
        Assert.Equal([0.001f, 0.5f], splits[0].Examples.Features.ToArray());
        Assert.Equal([$"a{separator}b", "c"], splits[0].Clients!.ClientIds.ToArray());
    }

    [Fact]
    public void ColumnsAndShapeCanBeGiven()
    {
        string path = Write("label,digit,a,b,who\n0.5,7,1,2,x\n");
        var split = Assert.Single(CsvFiles.Read(path, new CsvOptions { Label = "digit", Client = "who", Shape = [3, 1] }));
        Assert.Equal([0.5f, 1f, 2f], split.Examples.Features.ToArray());
        Assert.Equal([3, 1], split.Examples.Shape.ToArray());
        Assert.Equal([7], split.Examples.Labels.ToArray());
        Assert.Equal(["x"], split.Clients!.ClientIds.ToArray());
    }

    [Fact]
    public void WithoutAColumnOfClientsTheDataAreCentralized() => Assert.Null(Assert.Single(CsvFiles.Read(Write("y,a\n1,2\n"))).Clients);

    [Theory]
    [InlineData("", "it is empty, without even a header")]
    [InlineData("a,b\n1,2\n", "no column label or y for the class numbers, but a, b")]
    [InlineData("label\n1\n", "no column of features")]
    [InlineData("label,a,a\n1,2,3\n", "Col name 'a'")]
    [InlineData("label,a\n", "no rows")]
    [InlineData("label,a\n1,2\n3\n", "3")]
    [InlineData("label,a\n1,2\n3,4,5\n", "3,4,5")]
    [InlineData("label,a\n1,2\n3,nan\n", "'a' in line 3 is 'nan', which is no finite number")]
    [InlineData("label,a\n1,1e39\n", "'a' in line 2 is '1e39'")]
    [InlineData("label,a\n1,\n", "'a' in line 2 is ''")]
    [InlineData("label,a\n-1,2\n", "'label' in line 2 is '-1', which is no class number")]
    [InlineData("label,a\n1.5,2\n", "'1.5'")]
    [InlineData("label,a\n99999999,2\n", "no class number from 0 to 1048575")]
    [InlineData("label,a,client\n1,2,\n", "'client' in line 2 is empty")]
    [InlineData("label,a,client\n1,2,\uFFFD\n", "not valid UTF-8")]
    [InlineData("label,y,a\n1,2,3\n", "label and y could both be the class numbers; name one with label=NAME")]
    [InlineData("label,a,client,user_id\n1,2,3,4\n", "client and user_id could both be the client ids; name one with client=NAME")]
    [InlineData("label,a,client\n1,2,\"x\n3,4,y\n", "the quote that begins in line 2 does not end")]
    public void DamageIsNamedWithItsPlace(string text, string reason)
    {
        string path = Write(text);
        var error = Assert.Throws<DataFormatException>(() => CsvFiles.Read(path));
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsThatAreNotThereAndShapesThatDoNotFit()
    {
        string path = Write("label,a\n1,2\n");
        Assert.Contains(
            "no column 'who'", Assert.Throws<DataFormatException>(() => CsvFiles.Read(path, new CsvOptions { Client = "who" })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "cannot have the shape 2×2", Assert.Throws<DataFormatException>(() => CsvFiles.Read(path, new CsvOptions { Shape = [2, 2] })).Message,
            StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => CsvFiles.Read(Path.Combine(_folder, "none.csv")));
    }

    [Fact]
    public void IdsThatAreNotUtf8AreRefused()
    {
        string path = Path.Combine(_folder, "x.csv");
        File.WriteAllBytes(path, [.. "label,a,client\n1,2,"u8, 0xC3, 0x28, .. "\n"u8]);
        Assert.Contains(
            "'client' in line 2 is not valid UTF-8", Assert.Throws<DataFormatException>(() => CsvFiles.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    public void ARowWithoutEndIsGivenUp(string quote)
    {
        // 80 MB of one row, which the parser gives up at 16 million characters; its buffers are twice as large, and of two bytes a character.
        string path = Path.Combine(_folder, "x.csv");
        using (var file = File.CreateText(path))
        {
            file.Write("label,a\n1," + quote);
            string letters = new('7', 1 << 20);
            for (int i = 0; i < 80; i++) file.Write(letters);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DataFormatException>(() => CsvFiles.Read(path));
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 20);
    }

    private string Write(string text, string name = "x.csv")
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
