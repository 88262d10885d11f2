namespace FedPure.Data;

/// <summary>Whether an example is meant. features [FeatureCount]; label 0 where examples have targets.</summary>
public delegate bool ExamplePredicate(ReadOnlySpan<float> features, int label);

/// <summary>Changes an example in place: a copy, never the table. features [FeatureCount]; where examples have targets, these stay and the label is 0. A pure
/// function, which any thread may call.</summary>
public delegate void ExampleMap(Span<float> features, ref int label);
