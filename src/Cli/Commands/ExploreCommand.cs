using System.Collections.Immutable;
using System.CommandLine;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Data;
using FedPure.Reporting.Exploration;
using FedPure.Reporting.Report;

namespace FedPure.Cli.Commands;

/// <summary>fedpure explore: pictures of the clients' data.</summary>
internal static class ExploreCommand
{
    private const string DefaultFolder = "explore";

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var data = new DataSettings();
        var split = new Setting<string>("--split", "NAME", "Split to look at.", (_, text) => text, FederatedSplits.TrainName);
        var output = new Setting<FolderPath?>(
            "--out", "DIR", "Folder for the pictures, made if it does not exist.", FolderPath.Parse, absent: null, $"{DefaultFolder}; with --report none");
        var report = ReportPath.Setting("the pictures and a table of the clients");
        var json = Flag.Json();
        var command = new Command(
            "explore", "Draws the clients' data: examples and mean images (where they are images), labels, sizes, and how far clients are from each other.")
        { output, report, split };
        foreach (var option in data.All) command.Options.Add(option);
        command.Options.Add(json);
        command.SetAction(result =>
        {
            var page = report.Read(result);
            page?.CheckWritable();
            var folder = output.Read(result) ?? (page is null ? new FolderPath(output.Name, DefaultFolder) : null);
            folder?.Prepare();
            var loaded = data.Load(result);
            var clients = loaded.Clients(split.Name, split.Read(result));
            if (clients.ClientIds.IsEmpty) throw new UsageException($"{split.Name} {split.Read(result)} has no clients to look at; choose another split.");
            var cancellationToken = interrupt.Await();
            var survey = DataSurvey.Of(clients, loaded.ClassCount, cancellationToken);
            ImmutableArray<string> files = folder is null ? [] : ExplorationPictures.Write(survey, folder.Path, cancellationToken);
            if (page is not null)
            {
                page.Write(new ReportPage(Describe(result, loaded, split.Read(result), survey)) { Survey = survey });
                files = files.Add(page.Path);
            }

            terminal.Print(json.IsSet(result) ? Json(loaded, survey, files) : Plain(loaded, survey, files));
        });
        return command;
    }

    private static RunDescription Describe(ParseResult result, LoadedData data, string split, DataSurvey survey) =>
        new($"{data.Source}, {split}", GivenSettings.Command(result))
        {
            Settings =
            [
                new("Clients", FormattableString.Invariant($"{survey.Clients.Length:N0}")),
                new("Examples", FormattableString.Invariant($"{survey.Clients.Sum(client => (long)client.ExampleCount):N0}")),
                survey.Image is { } image
                    ? new("Images", $"{image.Height}×{image.Width}") : new("Features", FormattableString.Invariant($"{data.FeatureCount:N0}")),
                new("Classes", FormattableString.Invariant($"{survey.ClassCount:N0}")),
            ],
            Environment = [.. InfoCommand.Facts],
        };

    private static string Plain(LoadedData data, DataSurvey survey, ImmutableArray<string> files)
    {
        string images = survey.Image is { } image
            ? $"{image.Height}×{image.Width} images"
            : $"{data.FeatureCount} features that are no images (neither a square number nor a given shape), so there are charts only";
        return string.Join(
            Environment.NewLine,
            files.Prepend(
                FormattableString.Invariant(
                    $"{data.Source}: {survey.Clients.Length:N0} clients, {survey.Clients.Sum(client => (long)client.ExampleCount):N0} examples of {images}")));
    }

    private static string Json(LoadedData data, DataSurvey survey, ImmutableArray<string> files) => JsonLines.Object(json =>
    {
        json.WriteString("event", "explore");
        json.WriteString("data", data.Source);
        json.WriteNumber("clients", survey.Clients.Length);
        json.WriteNumber("examples", survey.Clients.Sum(client => (long)client.ExampleCount));
        json.WriteBoolean("images", survey.Image is not null);
        json.WriteStartArray("files");
        foreach (string file in files) json.WriteStringValue(file);
        json.WriteEndArray();
    });
}
