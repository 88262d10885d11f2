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
    private static readonly (string FileName, Func<DataSurvey, string> Draw, bool IsOfImages)[] All =
    [
        ("examples.svg", ImagePictures.Examples, true),
        ("label-counts.svg", LabelCharts.Counts, false),
        ("mean-images.svg", ImagePictures.MeanImages, true),
        ("sizes.svg", ClientCharts.Sizes, false),
        ("skew.svg", ClientCharts.Skew, false),
        ("label-matrix.svg", LabelCharts.Matrix, false),
    ];

    /// <summary>Draws what the data allow.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ImmutableArray<ExplorationPicture> Draw(DataSurvey survey, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(survey);
        var pictures = ImmutableArray.CreateBuilder<ExplorationPicture>(All.Length);
        foreach (var (fileName, draw, isOfImages) in All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (survey.Image is not null || !isOfImages) pictures.Add(new ExplorationPicture(fileName, draw(survey)));
        }

        return pictures.ToImmutable();
    }

    /// <summary>Draws into a folder, which is made if it does not exist; each file appears whole or not at all.</summary>
    /// <returns>The files' paths.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before all were drawn, and none is written.</exception>
    public static ImmutableArray<string> Write(DataSurvey survey, string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var pictures = Draw(survey, cancellationToken);
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
