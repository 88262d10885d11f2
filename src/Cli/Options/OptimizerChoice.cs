using FedPure.Learning.Optimizers;

namespace FedPure.Cli.Options;

/// <summary>--client-optimizer and --server-optimizer.</summary>
internal static class OptimizerChoice
{
    public static IOptimizer Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "sgd:lr=R,momentum=M,nesterov=true");
        var pairs = spec.Pairs("lr", "momentum", "nesterov");
        if (!pairs.TryGetValue("lr", out string? rateText)) throw spec.Error("it needs a learning rate, such as lr=0.02");

        float rate = Number.Single($"{option} lr", rateText), momentum = Number.Single($"{option} momentum", pairs.GetValueOrDefault("momentum", "0"));
        bool nesterov = Names.Require($"{option} nesterov", pairs.GetValueOrDefault("nesterov", "false"), "true", "false") == "true";
        if (!float.IsFinite(rate) || rate < 0) throw spec.Error("a learning rate is finite in float32 and at least 0");
        if (momentum is not (>= 0 and < 1)) throw spec.Error("momentum is at least 0 and below 1");
        if (nesterov && momentum == 0) throw spec.Error("nesterov=true needs a momentum above 0");
        return new Sgd(rate, momentum, nesterov);
    }
}
