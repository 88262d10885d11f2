using FedPure.Learning.Optimizers;

namespace FedPure.Cli.Options;

/// <summary>--client-optimizer and --server-optimizer, with TensorFlow Federated's parameters and defaults: a learning rate of 0.01 where none is given.</summary>
internal static class OptimizerChoice
{
    public static IOptimizer Parse(string option, string text)
    {
        var spec = Spec.Parse(option, text, "sgd:lr=R,momentum=M,nesterov=true");
        var pairs = spec.Pairs("lr", "momentum", "nesterov");
        float rate = Number.Single($"{option} lr", pairs.GetValueOrDefault("lr", "0.01")), momentum = Number.Single($"{option} momentum", pairs.GetValueOrDefault("momentum", "0"));
        bool nesterov = Names.Require($"{option} nesterov", pairs.GetValueOrDefault("nesterov", "false"), "true", "false") == "true";
        if (!float.IsFinite(rate) || rate < 0) throw spec.Error("a learning rate is finite in float32 and at least 0");
        if (momentum is not (>= 0 and < 1)) throw spec.Error("momentum is at least 0 and below 1");
        if (nesterov && momentum == 0) throw spec.Error("nesterov=true needs a momentum above 0");
        return new Sgd(rate, momentum, nesterov);
    }
}
