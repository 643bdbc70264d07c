using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace CooperationApi.Pages.Charts;

/// <summary>The label of a year on a time axis. In Razor files, `text` is a directive and no SVG element.</summary>
public sealed class TickLabel : ComponentBase
{
    [Parameter, EditorRequired]
    public required string X { get; set; }

    [Parameter, EditorRequired]
    public required int Y { get; set; }

    [Parameter, EditorRequired]
    public required int Value { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", "tick-label");
        builder.AddAttribute(2, "x", X);
        builder.AddAttribute(3, "y", Y);
        builder.AddAttribute(4, "dx", 3);
        builder.AddContent(5, Value.ToString(CultureInfo.InvariantCulture));
        builder.CloseElement();
    }
}
