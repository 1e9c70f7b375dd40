using System.Text;
using Savepoint.Model;
using Savepoint.Quality;
using Xunit;

namespace Savepoint.Tests.Quality;

/// <summary>Small files of each language, with what each function's complexity is by hand.</summary>
public sealed class QualityAnalyzerTests
{
    [Theory]
    [InlineData("a.cs", """
        [Obsolete("x")] public class C<T>(int x) : B<T> where T : class, new() {
            int? field = 1; public int P { get => field ?? 2; set { if (value > 0 && value < 9) field = value; } }
            public C() : this(3) { }
            public static (int, int) Two<U>(int? a, string s = "}") where U : struct {
                foreach (var c in s) { switch (c) { case 'a': case '}': break; default: break; } }
                return a?.ToString() is { Length: > 0 } ? (1, 2) : (3, 4);
            }
            int Arrow(int[]? a) => a == null ? 0 : a.Length;
            string Text(int n) => $"{(n > 0 ? "{" : "}")} {n:F2} {{{n}}}";
            public static C<T> operator +(C<T> a, C<T> b) { do { } while (a != null); return a; }
            record struct Inner(int X) { public bool Is() => X > 0 || X < -5; }
        }
        """, "C.P.get 2, C.P.set 3, C.C 1, C.Two 6, C.Arrow 2, C.Text 2, C.operator + 2, C.Inner.Is 2")]
    [InlineData("a.js", """
        function plain(a, b = 1) { if (a) { return b ? 1 : 2 } for (const x of a) { } }
        const arrow = (x) => x && x.y?.z, other = async y => { try { await y } catch (e) { } }
        class K { #p = 1; constructor(q) { this.r = /[/"]\//.test(q) || q } static m() { return `${q ? `}` : '}'}` } get catch() { return 1 } }
        module.exports = { run: function () { while (true) { switch (a) { case 1: case 2: break; default: } } }, 'a-b'(x) { do { } while (x) } }
        promise.then(function (v) { return v }).catch(() => 0)
        """, "plain 5, arrow 3, other 2, K.constructor 2, K.m 2, K.catch 1, run 4, literal 2, then-callback 1, catch-callback 1")]
    [InlineData("a.ts", """
        export interface I { a?: string; f?(x: number): void }
        export function f<T extends object>(x?: T, y: string | null = null): { a: number } { return x ? { a: 1 } : { a: 2 } }
        const g = (a: number): Promise<string[]> => a > 1 ? one : two
        class S<T> { constructor(private readonly x?: T) { } public m<U>(u: U): u is U { return !!u && !!this.x } }
        """, "f 3, g 2, S.constructor 1, S.m 2")]
    [InlineData("a.py", """
        class A(B):
            @property
            def f(self, x=(1, 2)):
                '''if for while'''
                if x and not self:  # and
                    return [y for y in x if y]
                elif x: pass
                def inner(z):
                    while z: z -= 1
                try: pass
                except (E, F) as e: pass
                s = f"{x if y else z}" \
                    if s else "if"
                return s
        async def g(case):
            match case:
                case 1: pass
                case _: pass
            return 1 if case == 2 or case else 3
        """, "A.f 8, A.inner 2, g 4")]
    [InlineData("a.go", """
        package p
        func (r *Recv[T]) M(a int, f func(int) int) (x struct{ a int }, err error) {
            if a > 0 && a < 9 || r == nil { return }
            for i := range r.x { select { case <-c: default: } }
            go func() { if true { } }()
            s := `}{ if`
        }
        func Plain() interface{} { switch { case true, false: case 'a' == '\'': } ; return nil }
        type F func(int)
        """, "Recv.M 7, Plain 3")]
    [InlineData("a.rs", """
        impl<'a, T: Clone> Trait<'a> for Thing<T> where T: Fn() -> i32 {
            fn run(&self, c: char) -> Result<(), E> {
                if c == '"' || c == '\'' { return Err(e)?; }
                let s = r#"fn x() { if }"#; let f = || 1; let g = &&s;
                match c { 'a' => 1, 'b' | 'c' => { 2 } _ if c > 'd' => 3, };
                for x in 0..9 { while let Some(y) = it.next() { } }
            }
        }
        fn free() -> i32 { fn nested(x: u8) -> u8 { if x > 0 { 1 } else { 2 } } /* if /* if */ */ loop { break } }
        """, "Thing.run 9, free 1, nested 2")]
    [InlineData("a.java", """
        @Ann(x = "{") public final class J<T extends Comparable<T>> extends B implements I {
            private final List<? extends T> list = new ArrayList<>() {{ add(null); }};
            static { System.out.println(); }
            @Override public <U> Map<String, List<U>> get(int a, final T... t) throws A, B { for (int i = 0; i < a; i++) if (a > 1) continue; try { } catch (E e) { } return a > 0 ? x : y; }
            enum E { A, B { }; int f() { return 1; } }
            record R(int x) { R { if (x < 0) throw new E(); } boolean ok() { return x > 0 && x < 9; } }
        }
        """, "J.get 5, J.E.f 1, J.R.ok 2")]
    [InlineData("a.cpp", """
        #include <x>
        #define M(a) if (a) { \
            b
        namespace a::b { extern "C" {
        static const int table[] = { 1, 2 };
        template <class T, typename U = int> struct S final : public B<T> {
        public:
            S(int x) : a(x), b{2}, c(x ? 1 : 2) { }
            ~S() { if (a) { } }
            bool operator()(int x) const noexcept override { return x && y; }
            S& operator=(const S& o) = delete;
        #ifdef X
            int f() { if (x) {
        #else
            int f() { while (x) {
        #endif
                } return '"' ? 1'000 : 0x1F; }
        };
        }
        int S<int>::out(void) { for (;;) { do { x = R"d(}")d"; } while (x || y); goto z; } }
        struct P *find(struct P *p) { switch (p->k) { case A: case B: return p; } try { } catch (...) { } }
        }
        """, "S.S 2, S.~S 2, S.operator ) 2, S.f 3, out 4, find 4")]
    public void Functions_are_found_and_their_forks_counted(string file, string source, string expected) =>
        Assert.Equal(expected, string.Join(", ", Measure(file, source).Select(function => $"{function.Name} {function.Complexity}")));

    [Fact]
    public void A_longer_and_denser_function_is_harder_to_maintain()
    {
        var small = Measure("a.cs", "class C { int F() { return 1; } }")[0];
        var body = string.Concat(Enumerable.Range(0, 120).Select(i => $"if (a{i} > b{i} && c{i}) {{ x{i} = y{i} * {i}; }}\n"));
        var large = Measure("a.cs", $"class C {{ int F() {{\n{body}}} }}")[0];

        Assert.InRange(small.Maintainability, 80, 100);
        Assert.InRange(large.Maintainability, 0, 19);
        Assert.Equal((241, 122), (large.Complexity, large.LineCount));
    }

    [Fact]
    public void Text_of_any_kind_is_measured_without_a_fault()
    {
        var random = new Random(7);
        var pieces = new[] { "{", "}", "(", ")", "\"", "'", "`", "$\"", "\"\"\"", "/*", "*/", "//", "\n", "#else\n", "=>", "?", ":", "class", "def f(", "fn x", "func", "R\"(", "\\", "<", "name ", "é", "\uD800" };
        foreach (var file in new[] { "a.cs", "a.js", "a.ts", "a.py", "a.go", "a.rs", "a.java", "a.c" })
        {
            for (var i = 0; i < 2_000; i++)
            {
                var source = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)]));
                Assert.All(Measure(file, source), function => Assert.True(function.Complexity >= 1 && function.LineCount >= 1, source));
            }
        }
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("a.min.js")]
    [InlineData("a.d.ts")]
    public void Other_files_are_not_measured(string file) => Assert.Empty(Measure(file, "function f() { }"));

    private static IReadOnlyList<FunctionMetrics> Measure(string file, string source) => QualityAnalyzer.Measure(WorkspacePath.Parse(file), Encoding.UTF8.GetBytes(source));
}
