using FedPure.Data;
using FedPure.TestData;
using FsCheck.Xunit;

namespace FedPure.Csv;

public class HostileFilesTests
{
    [Fact]
    public void Csv() =>
        Mutations.RunOnFiles<DataFormatException>(File.ReadAllBytes(Repository.Golden("seeds/tiny.csv")), "tiny.csv", path => CsvFiles.Read(path));

    [Property(MaxTest = 500)]
    public void AnyBytesBehindTheStartOfAFile(int kept, byte[] tail)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("fedpure-any").FullName, "x.csv");
        Mutations.WithTail<DataFormatException>(File.ReadAllBytes(Repository.Golden("seeds/tiny.csv")), kept, tail, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            CsvFiles.Read(path);
        });
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
