using System.Collections.Immutable;

namespace FedPure.Cli.Output;

/// <summary>What a <see cref="LiveLine"/> shows at this moment; asked from a timer's thread.</summary>
internal interface IProgressLine
{
    /// <summary>How far the work is.</summary>
    ProgressReading Now();
}

/// <summary>A moment of some work.</summary>
/// <param name="Done">How much of it is done, 0 to 1.</param>
/// <param name="Parts">What there is to say, in the order of the line.</param>
/// <param name="Curve">The course of a quantity so far, drawn behind the part that names it.</param>
internal sealed record ProgressReading(double Done, ImmutableArray<ProgressPart> Parts, ImmutableArray<double> Curve);

/// <summary>A part of the line.</summary>
/// <param name="Text">Plain ASCII, so that its length is its width.</param>
/// <param name="Rank">Where not all fit, those of the lowest rank are shown; the ranks of a line differ.</param>
/// <param name="HasCurve">Whether the reading's curve belongs to it.</param>
internal readonly record struct ProgressPart(string Text, int Rank, bool HasCurve = false);
