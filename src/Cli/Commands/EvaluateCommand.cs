using System.CommandLine;
using System.Diagnostics;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Data;
using FedPure.Learning.Models;
using FedPure.Reporting.Exploration;
using FedPure.Reporting.Report;

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
        var clients = new Setting<ClientSelection>(
            "--clients", "SPEC", $"Clients, and the first round's where they change:{ClientSelection.Help}", ClientSelection.Parse, "all");
        var weights = new Setting<WeightsPath?>("--weights", "FILE", "Weights to evaluate, .safetensors or .f32; required.", WeightsPath.Parse, absent: null);

        var command = new Command("evaluate", "Evaluates a model on the clients' own examples: only metrics leave a client.") { weights, split, clients };
        var report = ReportPath.Setting("quantiles over the clients, each client's metrics, pictures of the data and what reproduces the evaluation");
        foreach (var option in data.All.Concat(model.All).Concat(run.All).Append(report)) command.Options.Add(option);
        command.SetAction(result =>
        {
            var file = weights.Read(result)
                ?? throw new UsageException("fedpure evaluate needs --weights FILE, such as one that fedpure train --save-weights FILE made.");
            var page = report.Read(result);
            page?.CheckWritable();
            run.LogDirectory.Read(result)?.Prepare();
            var loaded = data.Load(result);
            string name = split.Read(result);
            var dataset = loaded.Clients(split.Name, name);
            var cohort = clients.Read(result).Choose(dataset, rounds: 1, data.Seed.Read(result)).Sample(1);
            var built = model.Build(result, loaded, data.Seed.Read(result));
            var evaluated = file.Read(built);
            long start = Stopwatch.GetTimestamp();
            var detailed = new Evaluator(built, run.Batch.Read(result), run.Threads.Read(result), page is null ? null : ClientDetails.Aggregator)
                .Evaluate(0, name, cohort.Select(dataset.GetClient), evaluated, interrupt.Await());
            var duration = Stopwatch.GetElapsedTime(start);
            var evaluation = detailed with { Metrics = ClientDetails.Without(detailed.Metrics) };
            using (var log = run.OpenLog(result))
            {
                log?.Evaluation(evaluation.Round, name, evaluation.Metrics);
                log?.Session.SessionEnd(succeeded: true);
            }

            terminal.Print(run.Format(result).Format(evaluation));
            page?.Write(Report(GivenSettings.Describe(result, page), DataSurvey.Of(dataset.Subset(cohort), loaded.ClassCount), evaluated, detailed, duration));
        });
        return command;
    }

    private static ReportPage Report(RunDescription description, DataSurvey survey, ModelWeights weights, EvaluationEvent evaluation, TimeSpan duration)
    {
        var record = new RunRecord(description);
        record.Survey(survey);
        record.Begin(weights);
        record.Evaluation(evaluation.Round, evaluation.Split, evaluation.Metrics);
        record.End(RunOutcome.Finished, duration);
        return new ReportPage(description) { Runs = [record], Survey = survey };
    }
}
