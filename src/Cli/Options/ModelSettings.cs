using System.CommandLine;
using FedPure.Learning.Models;

namespace FedPure.Cli.Options;

/// <summary>The options that choose the model.</summary>
internal sealed class ModelSettings
{
    private readonly Setting<ModelChoice> _model = new(
        "--model", "SPEC", "Model: softmax (regression) or mlp:N,N (hidden ReLU layers of these sizes).", ModelChoice.Parse, "softmax");

    private readonly Setting<string> _loss = new(
        "--loss", "NAME", "Softmax cross-entropy on: logits, or probabilities (clipped to [1e-7, 1 - 1e-7] as Keras does after a softmax layer).",
        Spec.OneOf("logits", "probabilities"), "logits");

    /// <summary>The options in the order of the help.</summary>
    public IEnumerable<Option> All => [_model, _loss];

    /// <summary>The model that was chosen, for these data.</summary>
    /// <exception cref="UsageException">It would not fit in one array.</exception>
    public IModel Build(ParseResult result, LoadedData data, long seed) =>
        _model.Read(result).Build(data, seed, onProbabilities: _loss.Read(result) == "probabilities");
}
