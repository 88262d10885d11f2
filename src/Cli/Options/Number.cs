using System.Globalization;

namespace FedPure.Cli.Options;

/// <summary>Numbers in options: the invariant culture, no spaces, no thousands separators.</summary>
internal static class Number
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;

    /// <summary>A whole number of at least 1.</summary>
    public static int AtLeastOne(string option, string text) => AtLeast(1, option, text);

    /// <summary>A whole number of at least 0.</summary>
    public static int AtLeastZero(string option, string text) => AtLeast(0, option, text);

    /// <summary>A whole number of at least 1 where absence means something else.</summary>
    public static int? OptionalAtLeastOne(string option, string text) => AtLeastOne(option, text);

    /// <summary>Any 64-bit whole number.</summary>
    public static long Seed(string option, string text) =>
        long.TryParse(text, Whole, CultureInfo.InvariantCulture, out long value)
            ? value : throw new UsageException($"{option} takes a whole number of 64 bits, not '{text}'.");

    /// <summary>A number; overflow is infinity and for the caller to refuse.</summary>
    public static double Double(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value : throw new UsageException($"{option} takes a number such as 0.02, not '{text}'.");

    /// <summary>A number from 0 to 1.</summary>
    public static double Probability(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= 1
            ? value
            : throw new UsageException($"{option} takes a probability from 0 to 1, not '{text}'.");

    /// <summary>A finite number above 0.</summary>
    public static double Positive(string option, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)
            ? value
            : throw new UsageException($"{option} takes a positive number such as 0.5, not '{text}'.");

    private static int AtLeast(int least, string option, string text) =>
        int.TryParse(text, Whole, CultureInfo.InvariantCulture, out int value) && value >= least
            ? value
            : throw new UsageException($"{option} takes a whole number from {least} to {int.MaxValue}, not '{text}'.");
}
