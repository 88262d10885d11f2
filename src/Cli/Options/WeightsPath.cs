using FedPure.Learning.Models;

namespace FedPure.Cli.Options;

/// <summary>A file of weights that an option names; its extension says which format.</summary>
internal sealed record WeightsPath(string Option, string Path)
{
    private const string Raw = ".f32", Safetensors = ".safetensors";

    private bool IsSafetensors => System.IO.Path.GetExtension(Path) == Safetensors;

    public static WeightsPath? Parse(string option, string text) =>
        System.IO.Path.GetExtension(text) is Raw or Safetensors
            ? new WeightsPath(option, text)
            : throw new UsageException(
                $"{option}: '{text}' ends neither in {Safetensors} nor in {Raw} (raw little-endian float32), the formats of weights files; give such a name.");

    /// <summary>Reads the weights of a model.</summary>
    public ModelWeights Read(IModel model)
    {
        if (Directory.Exists(Path)) throw new IOException($"{Option}: {Path} is a folder; give a file.");
        if (!File.Exists(Path)) throw new FileNotFoundException($"{Option}: there is no file {Path}; fedpure train --save-weights {Path} makes one.");
        return IsSafetensors ? SafetensorsWeights.Read(Path, model.Layout) : RawWeights.Read(Path, model.Layout);
    }

    /// <summary>Writes weights; the file appears whole or not at all.</summary>
    public void Write(ModelWeights weights)
    {
        if (IsSafetensors) SafetensorsWeights.Write(Path, weights);
        else RawWeights.Write(Path, weights);
    }

    /// <summary>Fails now if the file could not be written later; what is there already stays as it is.</summary>
    public void CheckWritable() => WritableFolder.CheckFile(Option, Path);
}
