using FedPure.Tensors.Lanes;

namespace FedPure.Tensors;

/// <summary>The element-wise update rules.</summary>
internal enum UpdateRule
{
    Momentum,
    Nesterov,
    Adagrad,
    RmsProp,
    Adam,
    AdamW,
    Yogi,
    AdagradMean,
}

/// <summary>One step of an update rule on seeded operands. Its numbers are far from 0 and 1, so that each of them shows.</summary>
internal sealed record Update(UpdateRule Rule, DataKind Kind, int Length) : IKernelRun
{
    public const float Rate = 0.37f, Momentum = 0.8f, OneMinusBeta1 = 0.3f, OneMinusBeta2 = 0.2f, Epsilon = 1e-3f, Correction = 0.7f, Decay = 0.05f;

    public float[] Parameters { get; } = Samples.Create(Kind, Length, 1);

    public float[] Gradient { get; } = Samples.Create(Kind, Length, 2);

    /// <summary>The first state: an accumulator, or else the preconditioner, which is not negative.</summary>
    public float[] First { get; } = Rule is UpdateRule.Adagrad or UpdateRule.RmsProp
        ? Doubles.Abs(Samples.Create(Kind, Length, 3)) : Samples.Create(Kind, Length, 3);

    public float[] Second { get; } = Rule >= UpdateRule.Adam ? Doubles.Abs(Samples.Create(Kind, Length, 4)) : [];

    public KernelResult Run<T>(int offset) where T : struct, ILanes<T>
    {
        GuardedBuffer w = new(Parameters, offset), g = new(Gradient, (offset + 1) % 4), a = new(First, (offset + 2) % 4), p = new(Second, (offset + 3) % 4);
        switch (Rule)
        {
            case UpdateRule.Momentum: OptimizerUpdates.Momentum<T>(w.Span, g.Span, a.Span, Rate, Momentum); break;
            case UpdateRule.Nesterov: OptimizerUpdates.Nesterov<T>(w.Span, g.Span, a.Span, Rate, Momentum); break;
            case UpdateRule.Adagrad: OptimizerUpdates.Adagrad<T>(w.Span, g.Span, a.Span, Rate, Epsilon); break;
            case UpdateRule.RmsProp: OptimizerUpdates.RmsProp<T>(w.Span, g.Span, a.Span, Rate, OneMinusBeta2, Epsilon); break;
            case UpdateRule.Adam: OptimizerUpdates.Adam<T>(w.Span, g.Span, a.Span, p.Span, Rate, OneMinusBeta1, OneMinusBeta2, Epsilon); break;
            case UpdateRule.AdamW:
                OptimizerUpdates.AdamW<T>(w.Span, g.Span, a.Span, p.Span, Rate, Correction, OneMinusBeta1, OneMinusBeta2, Epsilon, Decay);
                break;
            case UpdateRule.Yogi: OptimizerUpdates.Yogi<T>(w.Span, g.Span, a.Span, p.Span, Rate, OneMinusBeta1, OneMinusBeta2, Epsilon); break;
            case UpdateRule.AdagradMean: OptimizerUpdates.AdagradMean<T>(w.Span, g.Span, a.Span, p.Span, Rate, OneMinusBeta1, Epsilon); break;
        }

        g.AssertUnchanged(Gradient, $"{this}, gradient");
        return new([.. w.Values($"{this}, parameters"), .. a.Values($"{this}, first state"), .. p.Values($"{this}, second state")]);
    }

    public float[] RunPublic()
    {
        float[] w = [.. Parameters], a = [.. First], p = [.. Second];
        RunPublic(w, Gradient, a, p);
        return [.. w, .. a, .. p];
    }

    public void RunPublic(Span<float> w, ReadOnlySpan<float> g, Span<float> a, Span<float> p)
    {
        switch (Rule)
        {
            case UpdateRule.Momentum: OptimizerUpdates.Momentum(w, g, a, Rate, Momentum); break;
            case UpdateRule.Nesterov: OptimizerUpdates.Nesterov(w, g, a, Rate, Momentum); break;
            case UpdateRule.Adagrad: OptimizerUpdates.Adagrad(w, g, a, Rate, Epsilon); break;
            case UpdateRule.RmsProp: OptimizerUpdates.RmsProp(w, g, a, Rate, OneMinusBeta2, Epsilon); break;
            case UpdateRule.Adam: OptimizerUpdates.Adam(w, g, a, p, Rate, OneMinusBeta1, OneMinusBeta2, Epsilon); break;
            case UpdateRule.AdamW: OptimizerUpdates.AdamW(w, g, a, p, Rate, Correction, OneMinusBeta1, OneMinusBeta2, Epsilon, Decay); break;
            case UpdateRule.Yogi: OptimizerUpdates.Yogi(w, g, a, p, Rate, OneMinusBeta1, OneMinusBeta2, Epsilon); break;
            case UpdateRule.AdagradMean: OptimizerUpdates.AdagradMean(w, g, a, p, Rate, OneMinusBeta1, Epsilon); break;
        }
    }

    public override string ToString() => $"{Rule} of {Length} {Kind}";
}
