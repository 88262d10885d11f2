namespace FedPure.Tensors;

/// <summary>The 128, 256 and 512 bit lanes are one text but for their numbers: a change to one of them that is not made to all fails here.</summary>
public class LanesTextTests
{
    [Theory, InlineData(128, 4), InlineData(512, 16)]
    public void Lanes_differ_from_the_256_bit_ones_in_their_numbers_only(int bits, int width)
    {
        string expected = Read(256)
            .Replace("Lanes256", $"Lanes{bits}", StringComparison.Ordinal)
            .Replace("Vector256", $"Vector{bits}", StringComparison.Ordinal)
            .Replace("<summary>8 lanes", $"<summary>{width} lanes", StringComparison.Ordinal)
            .Replace("Width => 8;", $"Width => {width};", StringComparison.Ordinal);
        Assert.Equal(expected, Read(bits), ignoreLineEndingDifferences: true);
    }

    private static string Read(int bits) => File.ReadAllText(Path.Combine(Root(), "src", "Tensors", "Lanes", $"Lanes{bits}.cs"));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FedPure.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds FedPure.sln.");
    }
}
