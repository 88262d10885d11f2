using System.IO.Compression;
using System.Xml.Linq;

namespace FedPure.Repository;

/// <summary>The packages that people install: what they depend on and what is in them.</summary>
public sealed class PackageTests : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private readonly string _folder = Directory.CreateTempSubdirectory("fedpure-packages").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Tensors", new[] { "System.Numerics.Tensors" })]
    [InlineData("Data", new[] { "FedPure.Tensors", "System.Numerics.Tensors" })]
    [InlineData("Learning", new[] { "FedPure.Data", "System.Numerics.Tensors" })]
    public void ALibraryDependsOnFedPureAndSystemNumericsTensorsAlone(string project, string[] dependencies)
    {
        Programs.Run("pack", Path.Combine(TestData.Repository.Root, "src", project), "-c", Configuration, "--no-build", "-o", _folder);
        using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(_folder, "*.nupkg")));
        using var stream = Assert.Single(package.Entries, entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var nuspec = XDocument.Load(stream);
        Assert.Equal(dependencies, Elements(nuspec, "dependency").Select(dependency => dependency.Attribute("id")!.Value));
        Assert.Equal($"FedPure.{project}", Elements(nuspec, "id").Single().Value);

        // Managed code and its documentation, and nothing native.
        Assert.Equal(
            [$"lib/net10.0/FedPure.{project}.dll", $"lib/net10.0/FedPure.{project}.xml"],
            package.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("lib/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(package.Entries, entry => entry.FullName.StartsWith("runtimes/", StringComparison.Ordinal));
        Assert.Contains(package.Entries, entry => entry.FullName == "README.md");
    }

    private static IEnumerable<XElement> Elements(XDocument document, string name) => document.Descendants().Where(element => element.Name.LocalName == name);
}
