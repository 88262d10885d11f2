namespace FedPure.Data;

/// <summary>A file that cannot be what it should: the message names the file, the place where known, and the reason.</summary>
public sealed class DataFormatException : IOException
{
    /// <summary>Names the file and what is wrong with it.</summary>
    public DataFormatException(string path, string reason, Exception? inner = null)
        : base($"{path}: {reason}", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
