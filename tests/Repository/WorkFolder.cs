namespace FedPure.Repository;

/// <summary>A new folder, deleted with all that was put there.</summary>
internal sealed class WorkFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fedpure-repository").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
