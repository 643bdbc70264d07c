using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace CooperationApi.Tests;

/// <summary>The walls between the service's rooms are those of the table in the README.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, string> PackageOfNamespace = new()
    {
        ["FluentValidation"] = "FluentValidation",
        ["Dapper"] = "Dapper",
        ["Microsoft.Data.Sqlite"] = "Sqlite",
        ["SQLitePCL"] = "Sqlite",
        ["Microsoft.OpenApi"] = "OpenApi",
        ["Swashbuckle"] = "Swashbuckle",
        ["CsvHelper"] = "CsvHelper",
        ["ZstdSharp"] = "Zstd",
        ["System.CommandLine"] = "CommandLine",
        ["Microsoft.IdentityModel"] = "IdentityModel",
        ["Microsoft.AspNetCore"] = "ASP.NET",
    };

    private static readonly IReadOnlyList<(string Room, string Uses)> Uses =
    [
        .. new ArchLoader().LoadAssembly(typeof(Program).Assembly).Build().Types
            .Where(type => type.FullName.StartsWith("CooperationApi.", StringComparison.Ordinal) && RoomOf(type) != "")
            .SelectMany(type => type.Dependencies.Select(dependency => (RoomOf(type), Used(dependency.Target))))
            .Where(use => use.Item2 is not null && use.Item1 != use.Item2)
            .Select(use => (use.Item1, use.Item2!))
            .Distinct(),
    ];

    [Fact]
    public void Every_room_is_on_the_map()
    {
        var rooms = Directory.GetDirectories(Path.Combine(Repository.Root, "src", "CooperationApi"))
            .Select(folder => Path.GetFileName(folder)!).Except(["bin", "obj", "Properties", "Seed"]);
        Assert.Equal(rooms.Order(), Map().SelectMany(row => row.Rooms).Order());
    }

    [Fact]
    public void No_room_uses_what_the_map_does_not_grant()
    {
        Assert.All(Uses, use => Assert.Contains(use.Uses, Map().Single(row => row.Rooms.Contains(use.Room)).Grants));
    }

    [Fact]
    public void The_map_grants_nothing_that_nobody_uses()
    {
        Assert.Empty(Map().SelectMany(row => row.Grants.Where(grant => !row.Rooms.Any(room => Uses.Contains((room, grant)))).Select(grant => (row.Rooms[0], grant))));
    }

    [Fact]
    public void The_words_on_the_wire_depend_on_nothing()
    {
        var references = typeof(Contracts.Record).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.All(references, name => Assert.StartsWith("System.", name));
    }

    /// <summary>The table of rooms in the README: rooms, and what each of them may use.</summary>
    private static List<(List<string> Rooms, List<string> Grants)> Map() => [.. Repository.Read("README.md").Split('\n')
        .SkipWhile(line => !line.StartsWith("| room |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(cells => (Words(cells[1]), (List<string>)[.. Words(cells[3]), .. Words(cells[4])]))];

    private static List<string> Words(string cell) =>
        [.. cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('`'))];

    private static string RoomOf(IType type) => type.Namespace.FullName.Split('.') is ["CooperationApi", var room, ..] ? room : "";

    private static string? Used(IType type)
    {
        var name = type.FullName;
        if (name.StartsWith("CooperationApi.", StringComparison.Ordinal))
            return RoomOf(type) is "Contracts" or "" ? null : RoomOf(type);
        return PackageOfNamespace.FirstOrDefault(package => name.StartsWith(package.Key + ".", StringComparison.Ordinal)).Value;
    }
}
