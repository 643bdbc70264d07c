using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace CooperationApi.Tests.Storage;

/// <summary>A store that an earlier version wrote is brought up to date by the first start of this one.</summary>
[Collection(nameof(Processes))]
public sealed class MigrationTests
{
    /// <summary>What turns a store of today into one from before each migration.</summary>
    private static readonly Dictionary<string, string> Undo = new()
    {
        ["0004_figures.sql"] =
            """
            DROP INDEX reference_by_basis; DROP INDEX reference_in_time; DROP INDEX reference_party; DROP INDEX commitment_by_age;
            ALTER TABLE reference DROP COLUMN basis; ALTER TABLE reference DROP COLUMN happened_on;
            ALTER TABLE commitment DROP COLUMN status_from; ALTER TABLE commitment DROP COLUMN status_to;
            DROP TABLE contribution; DROP TABLE province_event;
            """,
        ["0006_relations.sql"] = "DROP INDEX reference_same;",
        ["0003_search.sql"] = "DROP TABLE search_row; DROP TABLE search_index; DROP TABLE search_word;",
    };

    [Theory]
    [InlineData("0004_figures.sql", "0006_relations.sql")]
    [InlineData("0003_search.sql", "0004_figures.sql", "0006_relations.sql")]
    public async Task What_is_derived_now_is_derived_of_what_was_there_before(params string[] missing)
    {
        using var folder = new Folder();
        var store = await folder.Store();
        var before = Content(store);
        foreach (var migration in missing.Reverse())
            Execute(store, Before(migration));
        Assert.NotEqual(before, Content(store));

        var (exit, output, error) = await Executable.Import(store, new JsonObject());
        Assert.True(exit == 0, output + error);
        Assert.Equal(before, Content(store));
    }

    [Fact]
    public async Task A_store_with_a_damaged_record_is_not_brought_up_to_date_by_half()
    {
        using var folder = new Folder();
        var store = await folder.Store();
        Execute(store, $"{Before("0006_relations.sql")}; {Before("0004_figures.sql")}; UPDATE record SET body = replace(body, 'Thái', 'Tháy') WHERE id = 'thai-binh'");
        var before = Content(store);
        var (exit, _, error) = await Executable.Import(store, new JsonObject());
        Assert.True(exit == 3, error);
        Assert.Contains("thai-binh", error, StringComparison.Ordinal);
        Assert.Equal(before, Content(store));
    }

    private static string Before(string migration) => $"{Undo[migration]} DELETE FROM migration WHERE name = 'Migrations/{migration}'";

    /// <summary>Every row of every table, but for when the migrations were applied and what an index keeps for itself.</summary>
    private static string Content(string store)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        var content = new StringBuilder();
        foreach (var table in Rows(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migration' AND name NOT LIKE 'search_index_%' ORDER BY name"))
        {
            content.AppendLine(table);
            var columns = string.Join(" || '|' || ", Rows(connection, $"SELECT name FROM pragma_table_info('{table}') WHERE name <> 'number' ORDER BY name").Select(column => $"coalesce({column}, 'NULL')"));
            content.AppendJoin('\n', Rows(connection, $"SELECT {columns} FROM {table}").Order(StringComparer.Ordinal)).AppendLine();
        }
        return content.ToString();
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private static void Execute(string store, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=false");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
