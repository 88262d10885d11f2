using System.CommandLine;

namespace FedPure.Cli.Options;

/// <summary>The options that choose the model.</summary>
internal sealed class ModelSettings
{
    private readonly Setting<string> _loss = new("--loss", "NAME", "Loss: logits (softmax cross-entropy on logits).", Spec.OneOf("logits"), "logits");

    /// <summary>The architecture.</summary>
    public Setting<ModelChoice> Model { get; } = new("--model", "SPEC", "Model: softmax (regression) or mlp:N,N (hidden ReLU layers of these sizes).", ModelChoice.Parse, "softmax");

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> All => [Model, _loss];
}
