using FedPure.Data;
using FedPure.TestData;

namespace FedPure.Learning.Models;

public class HostileWeightsTests
{
    private static readonly ParameterLayout Layout = new([("dense/kernel", [4, 3], true), ("dense/bias", [3], false)]);

    [Fact]
    public void Safetensors() =>
        Mutations.RunOnFiles<DataFormatException>(
            File.ReadAllBytes(Repository.Golden("seeds/tiny.safetensors")), "tiny.safetensors", path => SafetensorsWeights.Read(path, Layout));
}
