using System.Globalization;
using CooperationApi.Text;

namespace CooperationApi.Tests.Text;

/// <summary>Tests of the search tokens of date ranges: two ranges share a token if and only if they overlap.</summary>
public sealed class DateRangeTokenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("2019-10-26", "2019-10-26", "all:2019-10-26 in:2 in:20 in:201 in:2019 in:2019-10 in:2019-10-26")]
    [InlineData("2019-02-01", "2019-02-28", "all:2019-02 in:2 in:20 in:201 in:2019 in:2019-02")]
    [InlineData("2020-01-01", "2029-12-31", "all:202 in:2 in:20 in:202")]
    public void Date_range_has_few_tokens(string from, string to, string tokens) =>
        Assert.Equal(tokens.Split(' '), DateRangeTokens.ForRange(from, to).Order(StringComparer.Ordinal));

    [Fact]
    public void Two_ranges_share_a_token_if_and_only_if_they_overlap()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 3000; i++)
        {
            var (record, queried) = (CreateRange(), CreateRange());
            var (from, to) = (i % 5 == 0 ? null : queried.From, i % 7 == 0 ? null : queried.To);
            var isOverlapping =
                string.CompareOrdinal(record.From, to ?? "9999-12-31") <= 0 && string.CompareOrdinal(record.To, from ?? "0001-01-01") >= 0;
            Assert.True(
                isOverlapping == DateRangeTokens.ForRange(record.From, record.To).Intersect(DateRangeTokens.Overlapping(from, to)).Any(),
                $"{record} {from} {to}");
        }

        (string From, string To) CreateRange()
        {
            var first = new DateOnly(2018, 1, 1).AddDays(random.Next(1500));
            var last = first.AddDays((int)Math.Pow(10, random.NextDouble() * 3.5) - 1);
            return random.Next(4) switch
            {
                0 => (Format(new(first.Year, 1, 1)), Format(new(last.Year, 12, 31))),
                1 => (Format(new(first.Year, first.Month, 1)), Format(new DateOnly(last.Year, last.Month, 1).AddMonths(1).AddDays(-1))),
                2 => (Format(first), Format(first)),
                _ => (Format(first), Format(last)),
            };
        }

        static string Format(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
