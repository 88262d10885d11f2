using System.CommandLine;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Data;
using FedPure.Tensors;

namespace FedPure.Cli.Commands;

/// <summary>fedpure data check: reads every example of every client, so that a damaged file shows now and not in the middle of training.</summary>
internal static class DataCheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataSettings();
        var json = Flag.Json();
        var command = new Command("check", "Reads every example of every client and says whether all is as it should be.");
        foreach (var option in data.All) command.Options.Add(option);
        command.Options.Add(json);
        command.SetAction(result =>
        {
            var loaded = data.Load(result);
            foreach (var split in loaded.Splits) Check(loaded.Source, split);
            var sizes = SplitSizes.Of(loaded.Splits);
            terminal.Print(json.IsSet(result) ? JsonLines.Object(line =>
            {
                line.WriteString("data", loaded.Source);
                line.WriteBoolean("valid", true);
                line.WriteString("element", loaded.Splits[0].Element.ToString());
                sizes.WriteTo(line);
            }) : $"{loaded.Source} is valid: {sizes}, each {loaded.Splits[0].Element}");
        });
        return command;
    }

    private static void Check(string source, LoadedSplit split)
    {
        if (split.Examples is { } table && !Vectors.AllFinite(table.Features.Span))
            throw new DataFormatException(source, $"the split '{split.Name}' has a feature that is not finite.");
        if (split.Clients is not { } clients) return;

        // What the source says of its labels must be what its clients have.
        var counted = new LabelCounts();
        foreach (string id in clients.ClientIds)
        {
            var client = clients.GetClient(id).InMemory();
            for (int i = 0; i < client.Count; i++)
            {
                if (!Vectors.AllFinite(client.Features(i)))
                    throw new DataFormatException(source, $"example {i} of client '{id}' in the split '{split.Name}' has a feature that is not finite.");
            }

            counted.Add(client);
        }

        if (!counted.ToImmutable().SequenceEqual(clients.CountLabels()))
            throw new DataFormatException(
                source, $"the labels of the clients in the split '{split.Name}' are not those that a pass over the file counted; it changed meanwhile.");
    }
}
