using System.Buffers.Binary;
using System.Diagnostics;
using FedPure.Cli.Support;

namespace FedPure.Cli;

/// <summary>Exit code 1: files and data that are not what they should be. The sentence names the file.</summary>
public sealed class FileErrorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_does_not_exist() => FailToTrain(["no-such-folder"], _folder.File("no-such-folder"));

    [Fact]
    public void A_file_in_place_of_a_folder()
    {
        File.WriteAllText(_folder.File("file"), "");
        FailToTrain(["file", "folder"], _folder.File("file"));
    }

    [Fact]
    public void A_folder_without_idx_files() => FailToTrain([_folder.Path, "train-images"], _folder.Path);

    [Fact]
    public void A_truncated_file()
    {
        _folder.WriteIdx("train", 20);
        Damage("train-images-idx3-ubyte", bytes => bytes[..^7]);
        FailToTrain(["train-images-idx3-ubyte", "cut short"], _folder.Path);
    }

    [Fact]
    public void A_file_of_another_kind()
    {
        _folder.WriteIdx("train", 20);
        Damage("train-labels-idx1-ubyte", _ => "hello world"u8.ToArray());
        FailToTrain(["train-labels-idx1-ubyte", "IDX"], _folder.Path);
    }

    [Fact]
    public void Bytes_of_a_file_do_not_steer_the_terminal()
    {
        string path = _folder.File("escape.csv");
        File.WriteAllText(path, "label,\e[31mred\a\n1.5,2\n");
        App.Fail(1, ["'1.5'"], "data", "info", "--data", $"csv:{path}");
        var run = App.Run("data", "info", "--data", $"csv:{path},label=none");
        Assert.Contains("no column 'none', but label, \uFFFD[31mred\uFFFD.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Error.TrimEnd(), char.IsControl);
    }

    [Fact]
    public void A_damaged_gzip_stream()
    {
        _folder.WriteIdx("train", 20, gzip: true);
        Damage("train-images-idx3-ubyte.gz", bytes => [.. bytes[..10], .. Enumerable.Repeat((byte)0xFF, bytes.Length - 10)]);
        FailToTrain(["train-images-idx3-ubyte.gz", "gzip"], _folder.Path);
    }

    [Fact]
    public void Images_and_labels_of_different_counts()
    {
        _folder.WriteIdx("train", 20);
        Damage("train-labels-idx1-ubyte", bytes =>
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), 19);
            return bytes[..^1];
        });
        FailToTrain(["19 labels", "20 images"], _folder.Path);
    }

    [Fact]
    public void Splits_of_different_image_sizes()
    {
        _folder.WriteIdx("train", 20);
        _folder.WriteIdx("test", 20, height: 4);
        FailToTrain(["2×3", "4×3"], _folder.Path);
    }

    [Fact]
    public void Data_without_examples()
    {
        _folder.WriteIdx("train", 0);
        App.Succeed("data", "info", "--data", $"idx:{_folder.Path}");
        App.Fail(2, ["'train': 0 examples cannot be spread over 2 clients"], "train", "--data", $"idx:{_folder.Path}", "--partition", "iid:2");
    }

    [Fact]
    public void A_label_out_of_range()
    {
        _folder.WriteIdx("train", 20, classes: 3);
        _folder.WriteIdx("test", 20, classes: 5);
        App.Fail(
            1, ["label 4 of example 4", "'test'", "at least --classes 5"], "train", "--data", $"idx:{_folder.Path}", "--partition", "iid:2", "--classes", "4");
        App.Fail(1, ["digits", "out of range for --classes 9", "at least --classes 10"], "train", "--classes", "9");
    }

    [Theory]
    [InlineData("train", "--initial-weights")]
    [InlineData("evaluate", "--weights")]
    public void Weights_that_are_no_file_or_not_of_this_model(string command, string option)
    {
        string path = _folder.File("weights.f32");
        App.Fail(1, [option, path, "no file"], command, option, path);

        Directory.CreateDirectory(path);
        App.Fail(1, [option, path, "folder"], command, option, path);
        Directory.Delete(path);

        File.WriteAllBytes(path, new byte[4 * 7849]);
        App.Fail(1, [path, "31396 bytes", "7850"], command, option, path);

        var bytes = new byte[4 * 7850];
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * 123), float.NaN);
        File.WriteAllBytes(path, bytes);
        App.Fail(1, [path, "weight 123", "NaN"], command, option, path);
    }

    [Fact]
    public void A_place_where_nothing_can_be_saved_is_found_before_training()
    {
        string missing = _folder.File("no-such-folder/model.f32"), directory = _folder.File("folder.f32");
        Directory.CreateDirectory(directory);
        App.Fail(1, ["--save-weights", "no folder", "no-such-folder"], "train", "--save-weights", missing);
        App.Fail(1, ["--save-weights", directory, "folder"], "train", "--save-weights", directory);
    }

    [Fact]
    public async Task A_save_that_fails_after_training_leaves_the_old_file_and_no_half_one()
    {
        string path = _folder.File("model.f32");
        File.WriteAllText(path, "old");
        using var process = App.Start([], "train", "--rounds", "1000000", "--clients", "first:1", "--evaluate-on", "none", "--save-weights", path);
        Assert.StartsWith("round", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        var output = process.StandardOutput.ReadToEndAsync();

        // The partial file cannot be made where a folder has its name: found out when Ctrl-C has the weights saved.
        Directory.CreateDirectory(path + ".partial");
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        Assert.StartsWith("Error: ", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(1, process.ExitCode);
        Assert.DoesNotContain("weights_sha256", await output, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    private void Damage(string name, Func<byte[], byte[]> change) => File.WriteAllBytes(_folder.File(name), change(File.ReadAllBytes(_folder.File(name))));

    private static void FailToTrain(string[] words, string folder) => App.Fail(1, words, "train", "--data", $"idx:{folder}", "--partition", "iid:2");
}
