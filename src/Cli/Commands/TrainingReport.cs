using FedPure.Cli.Options;
using FedPure.Cli.Output;
using FedPure.Reporting.Exploration;
using FedPure.Reporting.Report;

namespace FedPure.Cli.Commands;

/// <summary>--report of train: the record of the run, and the page of it.</summary>
internal sealed class TrainingReport
{
    private readonly ReportPath _path;
    private readonly DataSurvey _survey;

    public TrainingReport(ReportPath path, RunDescription description, DataSurvey survey)
    {
        (_path, _survey, Record) = (path, survey, new RunRecord(description));
        Record.Survey(survey);
    }

    public RunRecord Record { get; }

    /// <summary>Writes the page of what was recorded, if a round has ended.</summary>
    public void Write(Terminal terminal, RunOutcome outcome, TimeSpan duration)
    {
        if (Record.Rounds == 0) return;
        Record.End(outcome, duration);
        _path.Write(new ReportPage(Record.Description) { Runs = [Record], Survey = _survey });
        if (outcome != RunOutcome.Finished) terminal.Warn($"the report {_path.Path} has the {Record.Rounds} rounds that ended.");
    }
}
