using System.Collections.Immutable;
using System.Text;
using FedPure.Data.Writers;

namespace FedPure.Reporting.Exploration;

/// <summary>A picture of the data by its file name.</summary>
/// <param name="FileName">Such as examples.svg.</param>
/// <param name="Svg">A whole SVG document.</param>
public sealed record ExplorationPicture(string FileName, string Svg);

/// <summary>
/// The pictures of a survey: examples.svg and mean-images.svg for images; label-counts.svg, sizes.svg, skew.svg and label-matrix.svg for all data.
/// </summary>
public static class ExplorationPictures
{
    /// <summary>Draws what the data allow.</summary>
    public static ImmutableArray<ExplorationPicture> Draw(DataSurvey survey)
    {
        ArgumentNullException.ThrowIfNull(survey);
        ImmutableArray<ExplorationPicture> charts =
        [
            new("label-counts.svg", LabelCharts.Counts(survey)),
            new("sizes.svg", ClientCharts.Sizes(survey)),
            new("skew.svg", ClientCharts.Skew(survey)),
            new("label-matrix.svg", LabelCharts.Matrix(survey)),
        ];
        return survey.Image is null ? charts : [new("examples.svg", ImagePictures.Examples(survey)), charts[0], new("mean-images.svg", ImagePictures.MeanImages(survey)), .. charts[1..]];
    }

    /// <summary>Draws into a folder, which is made if it does not exist; each file appears whole or not at all.</summary>
    /// <returns>The files' paths.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static ImmutableArray<string> Write(DataSurvey survey, string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var pictures = Draw(survey);
        Directory.CreateDirectory(directory);
        return
        [
            .. pictures.Select(picture =>
            {
                string path = Path.Combine(directory, picture.FileName);
                WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(picture.Svg)));
                return path;
            }),
        ];
    }
}
