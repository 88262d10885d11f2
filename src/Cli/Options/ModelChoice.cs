using System.Collections.Immutable;
using FedPure.Learning.Models;

namespace FedPure.Cli.Options;

/// <summary>--model: softmax regression from zero weights, or a multilayer perceptron of ReLU layers from seeded Glorot uniform weights.</summary>
internal sealed record ModelChoice(string Text, ImmutableArray<int> HiddenUnits)
{
    public static ModelChoice Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "softmax", "mlp:N,N");
        return new ModelChoice(text, spec.Name == "softmax" ? [] : [.. spec.List().Select(units => Number.AtLeastOne($"{option} mlp", units))]);
    }

    /// <summary>The model for these data.</summary>
    /// <exception cref="UsageException">It would not fit in one array.</exception>
    public IModel Build(LoadedData data, long seed, bool onProbabilities)
    {
        if (data.ClassCount == 0) throw new IOException($"--data {data.Source} has no examples, so there is nothing to make a model for.");
        try
        {
            var layers = HiddenUnits.Aggregate(new Sequential(data.FeatureCount, seed), (model, units) => model.Dense(units, ActivationFunction.Relu));
            layers = layers.Dense(data.ClassCount, initializer: HiddenUnits.IsEmpty ? Initializer.Zeros : Initializer.GlorotUniform);
            return onProbabilities ? layers.SoftmaxCrossEntropyOnProbabilities() : layers.SoftmaxCrossEntropy();
        }
        catch (OverflowException)
        {
            throw new UsageException(
                $"--model {Text} has more than {int.MaxValue} parameters on {data.FeatureCount} features and {data.ClassCount} classes; give smaller layers.");
        }
    }
}
