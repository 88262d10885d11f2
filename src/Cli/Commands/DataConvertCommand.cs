using System.CommandLine;
using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Data;

namespace FedPure.Cli.Commands;

/// <summary>fedpure data convert: the same clients and bits in another form.</summary>
internal static class DataConvertCommand
{
    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var data = new DataSettings();
        var target = new Setting<DataTarget?>(
            "--to", "SPEC", "Form and place: idx:DIR, leaf:DIR, tff:FILE or npz:FILE; required.", DataTarget.Parse, absent: null);
        var json = Flag.Json();
        var command = new Command("convert", "Writes federated data in another form, with the same clients and the same bits.") { target };
        foreach (var option in data.All) command.Options.Add(option);
        command.Options.Add(json);
        command.SetAction(result =>
        {
            var to = target.Read(result) ?? throw new UsageException("fedpure data convert needs --to SPEC, such as --to tff:digits.sqlite.");
            var loaded = data.Load(result);
            var splits = new FederatedSplits(loaded.Splits.Select(split => KeyValuePair.Create(split.Name, loaded.Clients("--data", split.Name))));
            to.Write(splits, interrupt.Await());
            var sizes = SplitSizes.Of(loaded.Splits);
            terminal.Print(json.IsSet(result) ? JsonLines.Object(line =>
            {
                line.WriteString("data", loaded.Source);
                line.WriteString("to", to.Text);
                sizes.WriteTo(line);
            }) : $"{loaded.Source} is now {to.Text}: {sizes}");
        });
        return command;
    }
}
