using System.Text.Json;
using FedPure.Cli.Support;

namespace FedPure.Cli;

/// <summary>
/// The program under the runtime's switches for vector widths: each setting must really give the width and arithmetic that it stands for, and the weights have
/// one hash within each arithmetic class.
/// </summary>
public sealed class ArithmeticLaneTests
{
    private static readonly JsonElement Default = Info([]);

    private static readonly (string Name, string Value)[] Settings =
        [("", ""), ("DOTNET_EnableAVX512", "0"), ("DOTNET_PreferredVectorBitWidth", "128"), ("DOTNET_EnableAVX2", "0"), ("DOTNET_EnableHWIntrinsic", "0")];

    [Fact]
    public void Each_setting_gives_its_width_and_arithmetic()
    {
        int widest = Default.GetProperty("vector_bits").GetInt32();
        Assert.True(
            Default.GetProperty("arithmetic").GetString() == "fused",
            "These tests need a processor with fused multiply-add; every x64 server since 2013 has it.");
        (int, string)[] expected = [(widest, "fused"), (Math.Min(widest, 256), "fused"), (128, "fused"), (128, "unfused"), (32, "unfused")];
        Assert.Equal(
            expected,
            Settings.Select(setting => Info(Environment(setting))).Select(
                info => (info.GetProperty("vector_bits").GetInt32(), info.GetProperty("arithmetic").GetString()!)));
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("mlp:32")]
    public void The_weights_have_one_hash_in_each_arithmetic_class(string model)
    {
        var hashes = Settings.Select(
            setting => App.RunProcess(Environment(setting), "train", "--json", "--rounds", "3", "--evaluate-on", "none", "--model", model).Hash).ToArray();
        string fused = Assert.Single(hashes[..3].Distinct()), unfused = Assert.Single(hashes[3..].Distinct());
        Assert.NotEqual(fused, unfused);
    }

    private static JsonElement Info(Dictionary<string, string> environment) => Assert.Single(App.RunProcess(environment, "info", "--json").Events);

    private static Dictionary<string, string> Environment((string Name, string Value) setting) =>
        setting.Name.Length == 0 ? [] : new() { [setting.Name] = setting.Value };
}
