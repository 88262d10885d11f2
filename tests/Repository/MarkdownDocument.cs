using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace FedPure.Repository;

/// <summary>A fenced block of a document, each line ended by \n.</summary>
/// <param name="Language">The first word of the fence; empty for what a program prints.</param>
/// <param name="File">The second word: the source file that the block is of; Program.cs if there is none.</param>
/// <param name="Text">What is between the fences.</param>
internal sealed record CodeBlock(string Language, string File, string Text);

/// <summary>
/// A Markdown file of the repository whose C# blocks are, in order and a blank line apart, the source of a sample, and in which a block without a language
/// right after a block of C# or of commands (bash) is what that prints; a line of three dots there stands for any lines.
/// </summary>
internal sealed partial class MarkdownDocument
{
    private readonly ImmutableArray<CodeBlock> _blocks;
    private readonly string _folder;

    public MarkdownDocument(string path)
    {
        string file = Path.Combine(TestData.Repository.Root, path);
        string text = File.ReadAllText(file);
        _folder = Path.GetDirectoryName(file)!;
        _blocks = [.. Fences().Matches(text).Select(match => new CodeBlock(match.Groups[1].Value, match.Groups[2].Value is { Length: > 0 } name ? name : "Program.cs", match.Groups[3].Value))];
        Links = [.. LinkTargets().Matches(Fences().Replace(text, "")).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("http", StringComparison.Ordinal))];
    }

    /// <summary>The files that the document links to or shows, as it writes them.</summary>
    public ImmutableArray<string> Links { get; }

    /// <summary>The source files that C# blocks are of.</summary>
    public IEnumerable<string> SourceFiles => _blocks.Where(block => block.Language == "csharp").Select(block => block.File).Distinct();

    /// <summary>What the program prints.</summary>
    public string ProgramOutput => string.Concat(WithOutput("csharp").Select(pair => pair.Output));

    /// <summary>The blocks of commands, with what they print; null where that is not shown.</summary>
    public IEnumerable<(string Commands, string? Output)> Commands => WithOutput("bash").Select(pair => (pair.Block.Text, pair.Output));

    /// <summary>The whole of a source file, as the blocks give it.</summary>
    public string Source(string file) =>
        string.Join('\n', _blocks.Where(block => block.Language == "csharp" && block.File == file).Select(block => block.Text));

    /// <summary>Where a link leads.</summary>
    public string Resolve(string link) => Path.GetFullPath(Path.Combine(_folder, link));

    private IEnumerable<(CodeBlock Block, string? Output)> WithOutput(string language) => _blocks
        .Select((block, i) => (block, i + 1 < _blocks.Length && _blocks[i + 1].Language == "" ? _blocks[i + 1].Text : null))
        .Where(pair => pair.block.Language == language);

    [GeneratedRegex("^```(\\w*) ?(\\S*)\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\]\(([^)#]+)[^)]*\)")]
    private static partial Regex LinkTargets();
}
