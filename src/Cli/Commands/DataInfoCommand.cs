using System.CommandLine;
using FedPure.Cli.Options;
using FedPure.Cli.Output;

namespace FedPure.Cli.Commands;

/// <summary>fedpure data info: what each split holds.</summary>
internal static class DataInfoCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataSettings();
        var json = Flag.Json();
        var command = new Command("info", "Shows the splits: clients, examples, shapes and how often each label occurs.");
        foreach (var option in data.All) command.Options.Add(option);
        command.Options.Add(json);
        command.SetAction(result =>
        {
            var loaded = data.Load(result);
            SplitFacts[] splits = [.. loaded.Splits.Select(split => new SplitFacts(split, loaded.ClassCount))];
            terminal.Print(json.IsSet(result) ? Json(loaded, splits) : Plain(loaded, splits));
        });
        return command;
    }

    private static string Plain(LoadedData data, SplitFacts[] splits) =>
        string.Join(
            Environment.NewLine,
            splits.Select(split => split.ToLines()).Prepend(
                $"{data.Source}: {data.FeatureCount} features, {data.ClassCount} classes, element {data.Splits[0].Element}"));

    private static string Json(LoadedData data, SplitFacts[] splits) => JsonLines.Object(json =>
    {
        json.WriteString("data", data.Source);
        json.WriteString("element", data.Splits[0].Element.ToString());
        json.WriteNumber("features", data.FeatureCount);
        json.WriteNumber("classes", data.ClassCount);
        json.WriteStartObject("splits");
        foreach (var split in splits) split.WriteTo(json);
        json.WriteEndObject();
    });
}
