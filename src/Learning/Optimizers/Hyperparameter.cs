using System.Collections.Immutable;

namespace FedPure.Learning.Optimizers;

/// <summary>A named number of an update rule.</summary>
/// <param name="Name">TensorFlow Federated's name, such as beta_1.</param>
/// <param name="Value">Its value; 0 or 1 where it says no or yes.</param>
public readonly record struct Hyperparameter(string Name, float Value)
{
    /// <summary>The name that every rule has.</summary>
    public const string LearningRate = "learning_rate";
}

/// <summary>A rule's hyper-parameters by name: how each is read from the rule, and how a rule with another value is made.</summary>
internal sealed class HyperparameterTable<TRule>(params (string Name, Func<TRule, float> Read, Func<TRule, float, TRule> Replace)[] entries)
    where TRule : IOptimizer
{
    public ImmutableArray<Hyperparameter> Read(TRule rule) => [.. entries.Select(entry => new Hyperparameter(entry.Name, entry.Read(rule)))];

    public TRule Replace(TRule rule, ReadOnlySpan<Hyperparameter> values)
    {
        foreach (var (name, value) in values)
        {
            int index = Array.FindIndex(entries, entry => entry.Name == name);
            if (index < 0)
                throw new ArgumentException(
                    $"{rule.GetType().Name} has no hyper-parameter '{name}'; it has {string.Join(", ", entries.Select(entry => entry.Name))}.", nameof(values));
            rule = entries[index].Replace(rule, value);
        }

        return rule;
    }
}
