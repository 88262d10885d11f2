using FedPure.Data;
using FedPure.TestData;

namespace FedPure.Csv;

public class HostileFilesTests
{
    [Fact]
    public void Csv() => Mutations.RunOnFiles<DataFormatException>(File.ReadAllBytes(Repository.Golden("seeds/tiny.csv")), "tiny.csv", path => CsvFiles.Read(path));
}
