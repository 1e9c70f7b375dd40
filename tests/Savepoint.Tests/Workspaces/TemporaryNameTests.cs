using System.Text;
using CsCheck;
using Savepoint.Workspaces;
using Xunit;

namespace Savepoint.Tests.Workspaces;

public sealed class TemporaryNameTests
{
    [Fact]
    public void A_restore_and_its_step_are_written_in_hexadecimal() =>
        Assert.Equal(".~sp-0000002a000000ff", Encoding.ASCII.GetString(TemporaryName.Create(42, 255)));

    [Fact]
    public void Every_name_made_is_known_and_no_two_are_alike() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt).Sample((restore, step, otherRestore, otherStep) =>
        {
            var name = TemporaryName.Create(restore, step);
            var other = TemporaryName.Create(otherRestore, otherStep);
            return TemporaryName.IsTemporary(name) && name.AsSpan().SequenceEqual(other) == ((restore, step) == (otherRestore, otherStep));
        });

    [Theory]
    [InlineData(".~sp-0000002a000000f")]
    [InlineData(".~sp-0000002a000000ff0")]
    [InlineData(".~sp-0000002A000000FF")]
    [InlineData(".~sp-0000002a000000fg")]
    [InlineData("x~sp-0000002a000000ff")]
    public void Names_of_others_are_left_to_them(string name) => Assert.False(TemporaryName.IsTemporary(Encoding.ASCII.GetBytes(name)));
}
