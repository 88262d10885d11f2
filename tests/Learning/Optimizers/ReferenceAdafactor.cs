namespace FedPure.Learning.Optimizers;

/// <summary>Adafactor in double precision on tensors [4], [2×3] and a scalar, as its summary says it.</summary>
internal sealed class ReferenceAdafactor(Adafactor rule, float[] weights)
{
    private readonly double[] _a = new double[4], _rows = new double[2], _columns = new double[3], _c = new double[1];
    private int _step;

    public Adafactor Rule { get; set; } = rule;

    public double[] Weights { get; } = [.. weights.Select(w => (double)w)];

    public void Step(float[] gradient)
    {
        _step++;
        double beta = 1 - Math.Pow(_step, Rule.Beta2Decay);
        for (int i = 0; i < 4; i++) _a[i] = Blend(_a[i], Square(gradient[i]));
        for (int i = 0; i < 2; i++) _rows[i] = Blend(_rows[i], Enumerable.Range(0, 3).Average(j => Square(gradient[4 + 3 * i + j])));
        for (int j = 0; j < 3; j++) _columns[j] = Blend(_columns[j], Enumerable.Range(0, 2).Average(i => Square(gradient[4 + 3 * i + j])));
        _c[0] = Blend(_c[0], Square(gradient[10]));
        Apply(0, gradient.AsSpan(0, 4), _a);
        Apply(4, gradient.AsSpan(4, 6), [.. from r in _rows from c in _columns select r / _rows.Average() * c]);
        Apply(10, gradient.AsSpan(10, 1), _c);

        double Square(float g) => (double)g * g + Rule.Epsilon1;
        double Blend(double old, double value) => beta * old + (1 - beta) * value;
    }

    private void Apply(int offset, ReadOnlySpan<float> gradient, double[] v)
    {
        double rate = Math.Min(Rule.RelativeStep ? Math.Min(Rule.LearningRate, 1 / Math.Sqrt(_step)) : Rule.LearningRate, Math.Sqrt(_step));
        double alpha = Math.Max(Rule.Epsilon2, Rms(Weights[offset..(offset + v.Length)])) * rate;
        var u = new double[v.Length];
        for (int i = 0; i < u.Length; i++) u[i] = gradient[i] / Math.Sqrt(v[i]);
        double clip = Math.Max(1, Rms(u) / Rule.ClipThreshold);
        for (int i = 0; i < u.Length; i++) Weights[offset + i] -= alpha * u[i] / clip;
    }

    private static double Rms(double[] x) => Math.Sqrt(x.Average(value => value * value));
}
