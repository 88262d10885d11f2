using System.Security.Cryptography;
using FedPure.Cli.Support;

namespace FedPure.Cli;

public sealed class WeightsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("softmax", 7850)]
    [InlineData("mlp:5", 785 * 5 + 60)]
    public void Saved_weights_are_the_trained_ones_and_evaluate_as_they_did(string model, int parameters)
    {
        string path = _folder.File("model.f32");
        string[] cohort = ["--clients", "first:4", "--model", model];
        var training = App.Succeed(["train", "--json", "--rounds", "2", "--evaluate-on", "test", "--save-weights", path, .. cohort]);
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(4 * parameters, bytes.Length);
        Assert.Equal(training.Hash, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));

        var evaluation = Assert.Single(App.Succeed(["evaluate", "--json", "--weights", path, .. cohort]).Lines);
        Assert.Equal(training.Lines[2].Replace("\"round\":2", "\"round\":0", StringComparison.Ordinal), evaluation);
    }

    [Fact]
    public void Evaluate_takes_all_clients_of_the_test_split_by_default()
    {
        string path = _folder.File("zeros.f32");
        File.WriteAllBytes(path, new byte[4 * 7850]);
        var run = App.Succeed("evaluate", "--json", "--weights", path);
        Assert.Contains("\"split\":\"test\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"num_examples\":1251", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"loss\":2.3025851", run.Output, StringComparison.Ordinal);
        Assert.StartsWith(
            "evaluation  train  loss 2.3026", App.Succeed("evaluate", "--weights", path, "--split", "train", "--clients", "first:2").Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.f32")]
    [InlineData("model.safetensors")]
    public void Training_continues_from_saved_weights(string name)
    {
        string path = _folder.File(name), hash = App.Succeed("train", "--json", "--rounds", "4").Hash;
        App.Succeed("train", "--rounds", "3", "--save-weights", path);
        Assert.Equal(hash, App.Succeed("train", "--json", "--rounds", "1", "--initial-weights", path).Hash);
    }
}
