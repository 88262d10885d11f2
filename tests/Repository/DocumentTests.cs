namespace FedPure.Repository;

/// <summary>What documents show is compiled and run, and what they say is printed, is printed.</summary>
public class DocumentTests
{
    public static TheoryData<string> Documents =>
        [.. Directory.GetFiles(Path.Combine(TestData.Repository.Root, "docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}").Append("README.md")];

    [Theory]
    [InlineData("README.md", new[] { "Program.cs" }, "Tutorial")]
    [InlineData("docs/tutorial.md", new[] { "Program.cs", "MnistModel.cs", "ClientsAbove.cs" }, "ImageClassification", "CustomModel")]
    public void The_C_sharp_of_a_document_is_the_source_of_its_sample(string path, string[] files, params string[] samples)
    {
        var document = new MarkdownDocument(path);
        Assert.Equal(files, document.SourceFiles);
        foreach (string file in files)
        {
            string source = samples.Select(sample => Path.Combine(TestData.Repository.Root, "samples", sample, file)).First(File.Exists);
            Assert.Equal(File.ReadAllText(source).ReplaceLineEndings("\n"), document.Source(file));
        }
    }

    [Theory]
    [InlineData("README.md", "Tutorial")]
    [InlineData("docs/tutorial.md", "ImageClassification")]
    public void The_sample_prints_what_its_document_says(string path, string sample)
    {
        using var folder = new WorkFolder();
        PrintedLines.AssertAre(new MarkdownDocument(path).ProgramOutput, Programs.RunIn(folder.Path, Programs.Beside($"{sample}.dll")));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_file_that_a_document_links_to_exists(string path)
    {
        var document = new MarkdownDocument(path);
        Assert.All(document.Links, link => Assert.True(Path.Exists(document.Resolve(link)), link));
    }
}
