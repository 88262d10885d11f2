using FedPure.Learning.Processes;

namespace FedPure.Cli.Options;

/// <summary>--weighting: what a client's update weighs.</summary>
internal static class WeightingChoice
{
    public static ClientWeighting? Parse(string option, string text) =>
        Spec.OneOf("examples", "uniform")(option, text) == "uniform" ? ClientWeighting.Uniform : ClientWeighting.NumExamples;
}
