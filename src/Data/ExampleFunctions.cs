namespace FedPure.Data;

/// <summary>Whether an example is meant. features [FeatureCount].</summary>
public delegate bool ExamplePredicate(ReadOnlySpan<float> features, int label);

/// <summary>Changes an example in place: a copy, never the table. features [FeatureCount]. A pure function, which any thread may call.</summary>
public delegate void ExampleMap(Span<float> features, ref int label);
