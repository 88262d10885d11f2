namespace FedPure.Tensors;

internal static partial class Reference
{
    /// <summary>One element of an update rule in double precision: the parameter, the states, and what the step divides by (1 where it does not).</summary>
    public static (double Parameter, double First, double Second, double Denominator) Step(UpdateRule rule, double w, double g, double first, double second)
    {
        double a = first + Update.OneMinusBeta1 * (g - first), denominator;
        switch (rule)
        {
            case UpdateRule.Momentum:
                first = (double)Update.Momentum * first + g;
                return (w - Update.Rate * first, first, 0, 1);
            case UpdateRule.Nesterov:
                first = (double)Update.Momentum * first + g;
                return (w - Update.Rate * (g + Update.Momentum * first), first, 0, 1);
            case UpdateRule.Adagrad:
                first += g * g;
                denominator = Math.Sqrt(first + Update.Epsilon);
                return (w - Update.Rate * g / denominator, first, 0, denominator);
            case UpdateRule.RmsProp:
                first += Update.OneMinusBeta2 * (g * g - first);
                denominator = Math.Sqrt(first) + Update.Epsilon;
                return (w - Update.Rate * g / denominator, first, 0, denominator);
            default:
                second += rule switch
                {
                    UpdateRule.Yogi => Update.OneMinusBeta2 * Math.Sign(g * g - second) * g * g,
                    UpdateRule.AdagradMean => g * g,
                    _ => Update.OneMinusBeta2 * (g * g - second),
                };
                denominator = Math.Sqrt(second) + Update.Epsilon;
                double step = rule == UpdateRule.AdamW ? Update.Correction * a / denominator + Update.Decay * w : a / denominator;
                return (w - Update.Rate * step, a, second, denominator);
        }
    }
}
