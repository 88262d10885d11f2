using System.CommandLine;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Data;

namespace FedPure.Cli.Commands;

/// <summary>fedpure evaluate: one evaluation event of given weights, round 0.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var data = new DataSettings();
        var model = new ModelSettings();
        var run = new RunSettings();
        var split = new Setting<string>("--split", "NAME", "Split to evaluate on.", (_, text) => text, FederatedSplits.TestName);
        var clients = new Setting<ClientSelection>("--clients", "SPEC", $"Clients: {ClientSelection.Takes}; of those that change by round, the first round's.", ClientSelection.Parse, "all");
        var weights = new Setting<WeightsPath?>("--weights", "FILE", "Weights to evaluate, .safetensors or .f32; required.", WeightsPath.Parse, absent: null);

        var command = new Command("evaluate", "Evaluates a model on the clients' own examples: only metrics leave a client.") { weights, split, clients };
        foreach (var option in data.All.Concat(model.All).Concat(run.All)) command.Options.Add(option);
        command.SetAction(result =>
        {
            var file = weights.Read(result) ?? throw new UsageException("fedpure evaluate needs --weights FILE, such as one that fedpure train --save-weights FILE made.");
            run.LogDirectory.Read(result)?.Prepare();
            var loaded = data.Load(result);
            string name = split.Read(result);
            var dataset = loaded.Clients(split.Name, name);
            var cohort = clients.Read(result).Choose(dataset, rounds: 1, data.Seed.Read(result)).Sample(1).Select(dataset.GetClient);
            var built = model.Build(result, loaded, data.Seed.Read(result));
            var evaluation = new Evaluator(built, run.Batch.Read(result), run.Threads.Read(result)).Evaluate(0, name, cohort, file.Read(built), interrupt.Await());
            using (var log = run.OpenLog(result))
            {
                log?.Evaluation(evaluation.Round, name, evaluation.Metrics);
                log?.Session.SessionEnd(succeeded: true);
            }

            terminal.Print(run.Format(result).Format(evaluation));
        });
        return command;
    }
}
